import type { ProjectReader } from './project-reader.js'
import { instant, sql } from './sql.js'

/** A turn of a breaker. Times in microseconds since the epoch; states are codes of codes.ts. */
export interface StoredTurn {
  breaker: string
  timeMicros: number
  flushId: string
  fromState: number
  toState: number
  failures: number
  reason: string
  retestMicros: number | null
  session: string
  span: string
  number: number | null
}

export interface ListTurns {
  from: Date
  to: Date
  limit: number
  /** Where the page before ended. */
  after?: { timeMicros: number; flushId: string }
}

/** An event's time is at most a day ahead of when it arrived: older partitions hold none of the range. */
const AHEAD = '1 day'
const COLUMNS = sql`
  replace(c.breaker_id::text, '-', '') AS breaker,
  (extract(epoch FROM c.time) * 1000000)::float8 AS "timeMicros",
  c.flush_id::text AS "flushId",
  c.from_state AS "fromState", c.to_state AS "toState", c.failures, c.reason,
  (extract(epoch FROM c.retest_at) * 1000000)::float8 AS "retestMicros",
  replace(c.session_id::text, '-', '') AS session, lpad(to_hex(c.span), 16, '0') AS span, c.number`

/** The turns of these breakers (32 hex digits each) within the range, newest first; at most `limit`. */
export async function listTurns(
  reader: ProjectReader,
  breakers: readonly string[],
  { from, to, limit, after }: ListTurns,
): Promise<StoredTurn[]> {
  if (breakers.length === 0) return []
  return reader.query<StoredTurn>(sql`
    SELECT ${COLUMNS}
      FROM breaker_change c
     WHERE c.breaker_id = ANY(${breakers}::uuid[]) AND c.project_id = ${reader.projectId}
       AND c.received_at >= ${from}::timestamptz - ${AHEAD}::interval
       AND c.time >= ${from}::timestamptz AND c.time < ${to}::timestamptz
       ${after ? sql`AND (c.time, c.flush_id) < (${instant(after.timeMicros)}, ${after.flushId}::bigint)` : sql``}
     ORDER BY c.time DESC, c.flush_id DESC
     LIMIT ${limit}`)
}

/** The turns of all breakers from then on, newest first; at most `limit`. */
export async function listRecentTurns(reader: ProjectReader, from: Date, now: Date, limit: number): Promise<StoredTurn[]> {
  return reader.query<StoredTurn>(sql`
    SELECT ${COLUMNS}
      FROM breaker_change c
     WHERE c.project_id = ${reader.projectId} AND c.time >= ${from}::timestamptz
       AND c.received_at >= ${from}::timestamptz - ${AHEAD}::interval AND c.received_at < ${now}::timestamptz + ${AHEAD}::interval
     ORDER BY c.time DESC, c.flush_id DESC
     LIMIT ${limit}`)
}

/** The last turn of each of these breakers before that instant, where there is one. */
export async function listTurnsBefore(reader: ProjectReader, breakers: readonly string[], before: Date): Promise<StoredTurn[]> {
  if (breakers.length === 0) return []
  return reader.query<StoredTurn>(sql`
    SELECT last.*
      FROM unnest(${breakers}::uuid[]) AS own (id)
     CROSS JOIN LATERAL (
           SELECT ${COLUMNS}
             FROM breaker_change c
            WHERE c.breaker_id = own.id AND c.project_id = ${reader.projectId} AND c.time < ${before}::timestamptz
            ORDER BY c.time DESC, c.flush_id DESC
            LIMIT 1) last`)
}
