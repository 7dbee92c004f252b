import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { runner } from 'node-pg-migrate'
import { Client } from 'pg'
import { errorCode } from './errors.js'
import { SCHEMA } from './pool.js'

/** The oldest PostgreSQL that works, as server_version_num. */
export const OLDEST_SERVER = 150_000

export class UnsupportedServerError extends Error {
  override name = 'UnsupportedServerError'
}

const MIGRATION_TABLE = 'migration'
const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url))

/**
 * Brings the schema up to date and answers the names of the migrations it applied. Any number of collectors may call it at once:
 * one applies, the others wait. Throws UnsupportedServerError for PostgreSQL before 15, and pg's own errors.
 */
export async function migrate(url: string, directory: string = MIGRATIONS): Promise<string[]> {
  const client = new Client({ connectionString: url, application_name: 'groundtrack migrate', connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    await refuseOldServer(client)
    await createSchema(client)
    return await runWhenFree(client, directory)
  } finally {
    await client.end()
  }
}

/** Names of the migrations that are still to be applied. */
export async function listPendingMigrations(client: Client): Promise<string[]> {
  const names = readdirSync(MIGRATIONS)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .toSorted()
  const { rowCount } = await client.query(
    'select from pg_class where relnamespace = (select oid from pg_namespace where nspname = $1) and relname = $2',
    [SCHEMA, MIGRATION_TABLE],
  )
  if (!rowCount) return names
  const { rows } = await client.query<{ name: string }>(`select name from ${SCHEMA}.${MIGRATION_TABLE}`)
  const applied = new Set(rows.map(({ name }) => name))
  return names.filter((name) => !applied.has(name))
}

async function refuseOldServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ number: number; version: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as version",
  )
  const server = rows[0]
  if (server && server.number < OLDEST_SERVER)
    throw new UnsupportedServerError(`PostgreSQL ${server.version} is too old: 15 or later is needed.`)
}

// CREATE SCHEMA IF NOT EXISTS asks for the privilege even where the schema is there.
async function createSchema(client: Client): Promise<void> {
  const { rowCount } = await client.query('select from pg_namespace where nspname = $1', [SCHEMA])
  if (rowCount) return
  try {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`)
  } catch (error) {
    if (errorCode(error) !== '23505' && errorCode(error) !== '42P06') throw error // somebody else made it this instant
  }
}

// The lock is tried, never waited for in PostgreSQL: a waiter's snapshot would deadlock with CREATE INDEX CONCURRENTLY.
async function runWhenFree(client: Client, directory: string): Promise<string[]> {
  for (;;) {
    try {
      const applied = await runner({
        dbClient: client,
        dir: directory,
        direction: 'up',
        schema: SCHEMA,
        migrationsSchema: SCHEMA,
        migrationsTable: MIGRATION_TABLE,
        advisoryLockMode: 'fail',
        log: () => {},
      })
      return applied.map((migration) => migration.name)
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('already running'))) throw error
      await delay(100)
    }
  }
}
