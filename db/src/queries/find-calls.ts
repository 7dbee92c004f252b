import type { Connection } from '../connection.js'
import { errorCode } from '../errors.js'
import { STATEMENT_TIMEOUT_MS } from './flush-transaction.js'

export interface CallKey {
  session: string
  /** 16 hex digits. */
  call: string
}

export interface FoundCall extends CallKey {
  /** Null where its clock was suspect. */
  micros: number | null
  detail: Record<string, unknown> | null
  /** A return of it is stored already. */
  isAnswered: boolean
}

/** Sessions may be huge. A flush that failed for this would fail again each time it is sent. */
const PATIENCE_MS = 1_000
const QUERY_CANCELED = '57014'

/**
 * Within a flush's transaction: the calls of these ids among the events received since then (see the function in the migrations). None
 * where it would take too long; the transaction goes on either way.
 */
export async function findCalls(connection: Connection, projectId: number, calls: readonly CallKey[], since: Date): Promise<FoundCall[]> {
  await connection.query(`SAVEPOINT find_calls; SET LOCAL statement_timeout TO ${PATIENCE_MS}`)
  try {
    const { rows } = await connection.query<FoundCall>({
      name: 'find-calls',
      text: 'SELECT session, call, micros, detail, is_answered AS "isAnswered" FROM find_calls($1, $2, $3)',
      values: [projectId, JSON.stringify(calls), since],
    })
    await connection.query(`RELEASE SAVEPOINT find_calls; SET LOCAL statement_timeout TO ${STATEMENT_TIMEOUT_MS}`)
    return rows
  } catch (error) {
    if (errorCode(error) !== QUERY_CANCELED) throw error
    await connection.query('ROLLBACK TO SAVEPOINT find_calls')
    return []
  }
}
