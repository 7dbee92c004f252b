import { Client } from 'pg'
import { listPendingMigrations, OLDEST_SERVER } from './migrate.js'

/** What there is to know of a database before trusting it. */
export interface DatabaseFindings {
  version: string
  isSupported: boolean
  /** Settings that let committed data be lost, for example "fsync = off". */
  unsafeSettings: string[]
  pendingMigrations: string[]
  hasRoles: boolean
  /** The server's clock less this machine's, give or take the trip. */
  clockOffsetMs: number
}

/** Looks without changing anything. Throws the driver's error where the database can't be reached. */
export async function inspectDatabase(url: string): Promise<DatabaseFindings> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 5_000,
    application_name: 'groundtrack doctor',
  })
  await client.connect()
  try {
    const sentMs = Date.now()
    const { rows } = await client.query<{ version: string; number: number; nowMs: number; unsafe: string[] | null; hasRoles: boolean }>(`
      SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
             (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs",
             (SELECT array_agg(name || ' = off' ORDER BY name) FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off') AS unsafe,
             (SELECT count(*) = 2 FROM pg_roles WHERE rolname IN ('groundtrack_ingest', 'groundtrack_read') AND pg_has_role(oid, 'MEMBER')) AS "hasRoles"`)
    const [row] = rows
    if (!row) throw new Error('the database does not answer')
    return {
      version: row.version,
      isSupported: row.number >= OLDEST_SERVER,
      unsafeSettings: row.unsafe ?? [],
      pendingMigrations: await listPendingMigrations(client),
      hasRoles: row.hasRoles,
      clockOffsetMs: row.nowMs - (sentMs + Date.now()) / 2,
    }
  } finally {
    await client.end()
  }
}
