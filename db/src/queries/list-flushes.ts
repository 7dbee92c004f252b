import type { ProjectReader } from './project-reader.js'
import { instant, sql } from './sql.js'

/**
 * The last flush taken of each writer, by writer id, and when it was received (microseconds; where there was none yet, when the writer began). A writer commits its flushes in the
 * order of their numbers, so what lies up to here is a prefix of each: nothing below it can still appear.
 */
export type Frontier = ReadonlyMap<number, { flushNo: number; receivedMicros: number }>

export interface StoredFlush {
  writerId: number
  flushNo: number
  receivedMicros: number
  events: number
}

const MAX_FLUSHES_PER_WRITER = 500

/** Where every writer stands now, or stood before an instant. A few index probes a writer: asked once, then followed by listFlushesAfter. */
export async function readFrontier(
  reader: ProjectReader,
  beforeMicros?: number,
): Promise<Map<number, { flushNo: number; receivedMicros: number }>> {
  const rows = await reader.query<{ writerId: number; flushNo: number; receivedMicros: number }>(sql`
    SELECT w.id AS "writerId", coalesce(f.flush_no, 0)::float8 AS "flushNo",
           (extract(epoch FROM coalesce(f.received_at, w.started_at)) * 1000000)::float8 AS "receivedMicros"
      FROM writer w
      LEFT JOIN LATERAL (SELECT flush_no, received_at FROM flush
                          WHERE writer_id = w.id ${beforeMicros === undefined ? sql`` : sql`AND received_at < ${instant(beforeMicros)}`}
                          ORDER BY flush_no DESC
                          LIMIT 1) AS f ON true`)
  return new Map(rows.map(({ writerId, ...last }) => [writerId, last]))
}

/**
 * What `writers` committed after the frontier, and all that writers did of which it knows nothing. Each writer's flushes are a run
 * without holes, at most 500 of them, so that whatever is taken of them first, nothing is skipped.
 */
export async function listFlushesAfter(reader: ProjectReader, frontier: Frontier, writers: readonly number[]): Promise<StoredFlush[]> {
  return reader.query<StoredFlush>(
    sql`
    SELECT w.id AS "writerId", f.flush_no::float8 AS "flushNo", f.events,
           (extract(epoch FROM f.received_at) * 1000000)::float8 AS "receivedMicros"
      FROM (SELECT * FROM unnest(${writers}::int[], ${writers.map((id) => frontier.get(id)?.flushNo ?? 0)}::bigint[]) AS asked(id, seen)
            UNION ALL
            SELECT id, 0 FROM writer WHERE id <> ALL(${[...frontier.keys()]}::int[])) AS w
      JOIN LATERAL (SELECT flush_no, received_at, events FROM flush
                     WHERE writer_id = w.id AND flush_no > w.seen
                     ORDER BY flush_no
                     LIMIT ${MAX_FLUSHES_PER_WRITER}) AS f ON true
     ORDER BY w.id, f.flush_no`,
    'list-flushes-after',
  )
}
