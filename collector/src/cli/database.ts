import { AlreadyRunningError, errorCode, migrate, startEmbedded, UnsupportedServerError, type EmbeddedPostgres } from '@groundtrack/db'
import type { Config } from '../config.js'
import { StartError } from './start-error.js'

/** Where the database is, in words and without its password. */
export function describeDatabase({ databaseUrl, dataDir }: Config): string {
  if (databaseUrl === undefined) return `database groundtrack on 127.0.0.1 (embedded PostgreSQL, files in ${dataDir})`
  const { database, server } = partsOf(databaseUrl)
  return `database ${database} on ${server} (schema groundtrack)`
}

/** Starts the embedded PostgreSQL; throws StartError. */
export async function startDatabase(dataDir: string, log: (message: string) => void): Promise<EmbeddedPostgres> {
  try {
    return await startEmbedded({ dataDir, log })
  } catch (error) {
    if (error instanceof AlreadyRunningError)
      throw new StartError(`${error.message} Stop that one, or set GROUNDTRACK_DATA_DIR and GROUNDTRACK_PORT for a second one.`)
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** Brings the schema up to date; throws StartError that says what is wrong with the database and what to do. */
export async function prepareDatabase(url: string): Promise<string[]> {
  try {
    return await migrate(url)
  } catch (error) {
    throw new StartError(explain(error, url), { cause: error })
  }
}

function explain(error: unknown, url: string): string {
  const { database, server, user } = partsOf(url)
  const reason = error instanceof Error ? error.message || errorCode(error) : String(error)
  if (error instanceof UnsupportedServerError) return `${server}: ${error.message}`
  switch (errorCode(error)) {
    case '28P01':
    case '28000':
      return `PostgreSQL at ${server} does not let ${user} in (${reason}). Check user and password in GROUNDTRACK_DATABASE_URL.`
    case '3D000':
      return `PostgreSQL at ${server} has no database ${database}. Create it (createdb ${database}), or name another in GROUNDTRACK_DATABASE_URL.`
    case '42501':
      return `${user} may not create the schema groundtrack in database ${database} on ${server} (${reason}). Its owner can: CREATE SCHEMA groundtrack AUTHORIZATION ${user};`
    case 'ENOTFOUND':
    case 'ECONNREFUSED':
    case 'ETIMEDOUT':
    case 'EAI_AGAIN':
    case 'EHOSTUNREACH':
      return `No PostgreSQL answers at ${server} (${errorCode(error)}). Check that it runs and GROUNDTRACK_DATABASE_URL; without that variable Groundtrack starts its own.`
    default:
      return `The database ${database} on ${server} can't be used: ${reason}`
  }
}

function partsOf(databaseUrl: string): { database: string; server: string; user: string } {
  const url = new URL(databaseUrl)
  const host = decodeURIComponent(url.hostname) || url.searchParams.get('host') || 'localhost'
  return {
    database: decodeURIComponent(url.pathname.slice(1)),
    server: host.startsWith('/') ? host : `${host}:${url.port || 5432}`,
    user: decodeURIComponent(url.username) || process.env['PGUSER'] || process.env['USER'] || 'the user',
  }
}
