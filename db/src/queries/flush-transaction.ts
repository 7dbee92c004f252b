import type { Connection } from '../connection.js'

/** Longest a single statement of a flush may run. */
const STATEMENT_TIMEOUT_MS = 10_000

/** Opens a flush's transaction. What it commits survives a crash of the server, whatever the server's own default is. */
export async function beginFlush(connection: Connection): Promise<void> {
  await connection.query(`BEGIN; SET LOCAL synchronous_commit TO on; SET LOCAL statement_timeout TO ${STATEMENT_TIMEOUT_MS}`)
}

/** Returns once the flush is durable. An error leaves the outcome unknown. */
export async function commitFlush(connection: Connection): Promise<void> {
  await connection.query('COMMIT')
}

export async function rollbackFlush(connection: Connection): Promise<void> {
  await connection.query('ROLLBACK')
}
