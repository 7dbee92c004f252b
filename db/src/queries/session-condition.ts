import { sql, type Sql } from './sql.js'

/**
 * The rows of these sessions (32 hex each). One session is compared by itself: of `= ANY` PostgreSQL can't tell how many there
 * are, so it plans anew each time, over all partitions, which takes longer than the reading (0.9 against 0.3 ms).
 */
export function isOneOf(sessions: readonly string[]): Sql {
  return sessions.length === 1 ? sql`session_id = ${sessions[0]}::uuid` : sql`session_id = ANY(${sessions}::uuid[])`
}
