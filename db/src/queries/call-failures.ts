import type { ProjectReader } from './project-reader.js'
import { sessionFigures } from './session-figures.js'
import { sql, type Sql } from './sql.js'

/** A failed call. Times in microseconds since the epoch. */
export interface StoredFailure {
  session: string
  span: string
  number: number | null
  timeMicros: number
  durationMs: number | null
  /** Code of codes.ts. */
  status: number
  name: string
  reason: string
}

export type HurtSession = StoredFailure & { outcome: string; sessionName: string }

/** Most of which is looked whether they recovered: about 20 ms. */
const MAX_JUDGED = 1_000

const CUT = 3
const AHEAD = '1 day'
const COLUMNS = sql`
  replace(f.session_id::text, '-', '') AS session, lpad(to_hex(f.span), 16, '0') AS span, f.number,
  (extract(epoch FROM f.time) * 1000000)::float8 AS "timeMicros",
  f.duration_ms AS "durationMs", f.status, f.name, f.reason`

/** After `afterMicros`, up to and with `uptoMicros`. */
export interface Stretch {
  afterMicros: number
  uptoMicros: number
}

/**
 * Of each stretch the last `limit` calls that failed though they were sent, newest first. `ids`: under which calls to the breaker's
 * target may stand.
 */
export async function listFailedCalls(
  reader: ProjectReader,
  ids: readonly string[],
  stretches: readonly Stretch[],
  limit: number,
): Promise<(StoredFailure & { stretch: number })[]> {
  if (stretches.length === 0) return []
  return reader.query(sql`
    SELECT (s.position - 1)::int AS stretch, own.*
      FROM unnest(${stretches.map(({ afterMicros }) => afterMicros)}::float8[], ${stretches.map(({ uptoMicros }) => uptoMicros)}::float8[])
           WITH ORDINALITY AS s (after, upto, position)
     CROSS JOIN LATERAL (
           SELECT ${COLUMNS}
             FROM call_failure f
            WHERE f.breaker_id = ANY(${ids}::uuid[]) AND f.project_id = ${reader.projectId} AND f.status <> ${CUT}
              AND f.received_at >= ${at(sql`s.after`)} - ${AHEAD}::interval
              AND f.time > ${at(sql`s.after`)} AND f.time <= ${at(sql`s.upto`)}
            ORDER BY f.time DESC
            LIMIT ${limit}) own
     ORDER BY s.position, own."timeMicros" DESC`)
}

/**
 * Sessions with a call that was cut in the range: how many, how many of the newest 1,000 of them recovered (their root closed well), and
 * the first cut of the newest `limit`, with how their session ended.
 */
export async function listHurtSessions(
  reader: ProjectReader,
  ids: readonly string[],
  { from, to, now, limit }: { from: Date; to: Date; now: Date; limit: number },
): Promise<{ sessions: number; recovered: number; newest: HurtSession[] }> {
  const { projectId } = reader
  const rows = await reader.query<HurtSession & { sessions: number; recovered: number }>(sql`
    WITH cut AS MATERIALIZED (
      SELECT DISTINCT ON (f.session_id) f.*
        FROM call_failure f
       WHERE f.breaker_id = ANY(${ids}::uuid[]) AND f.project_id = ${projectId} AND f.status = ${CUT}
         AND f.received_at >= ${from}::timestamptz - ${AHEAD}::interval
         AND f.time >= ${from}::timestamptz AND f.time < ${to}::timestamptz
       ORDER BY f.session_id, f.time)
    SELECT (SELECT count(*)::int FROM cut) AS sessions,
           (SELECT count(*)::int
              FROM (SELECT session_id FROM cut ORDER BY time DESC LIMIT ${MAX_JUDGED}) j
             WHERE EXISTS (SELECT FROM session_part p
                            WHERE p.session_id = j.session_id AND p.project_id = ${projectId} AND p.received_at >= ${from}::timestamptz - ${AHEAD}::interval
                              AND p.closed_at IS NOT NULL AND p.status = 0 AND coalesce(cardinality(p.path), 0) = 0)) AS recovered,
           ${COLUMNS}, a.outcome, a.name AS "sessionName"
      FROM (SELECT * FROM cut ORDER BY time DESC, session_id LIMIT ${limit}) f
     CROSS JOIN LATERAL ${sessionFigures(sql`f.session_id`, { projectId, now })} a
     ORDER BY f.time DESC, f.session_id`)
  const { sessions = 0, recovered = 0 } = rows[0] ?? {}
  return { sessions, recovered, newest: rows.map(({ sessions: _all, recovered: _well, ...row }) => row) }
}

function at(micros: Sql): Sql {
  return sql`(timestamptz 'epoch' + ${micros} * interval '1 microsecond')`
}
