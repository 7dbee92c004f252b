import type { Connection } from '../connection.js'

/** Longest a single statement of a flush may run. */
export const STATEMENT_TIMEOUT_MS = 10_000

/** Opens a flush's transaction. What it commits survives a crash of the server, whatever the server's own default is. */
export const BEGIN_FLUSH = `BEGIN; SET LOCAL synchronous_commit TO on; SET LOCAL statement_timeout TO ${STATEMENT_TIMEOUT_MS}`

/** Done once the flush is durable. An error leaves the outcome unknown. */
export const COMMIT_FLUSH = 'COMMIT'

export const ROLLBACK_FLUSH = 'ROLLBACK'

export async function rollbackFlush(connection: Connection): Promise<void> {
  await connection.query(ROLLBACK_FLUSH)
}
