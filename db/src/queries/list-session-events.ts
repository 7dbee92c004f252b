import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

/** What ordering needs of one event; its path stands in its hop's part. `detail` stands for kinds other than log. */
export interface SessionEventRow {
  flushId: string
  ordinal: number
  span: string
  /** The last of its clock. */
  number: number | null
  timeMicros: number
  nodeId: number
  kind: number
  detail: Record<string, unknown> | null
}

/** Where a session's rows lie: its parts say between which instants of arrival. */
export interface SessionBounds {
  session: string
  /** Microseconds, inclusive. */
  receivedFrom: number
  receivedTo: number
}

/** All events of a session without their bodies, in no order. */
export async function listSessionEvents(reader: ProjectReader, bounds: SessionBounds): Promise<SessionEventRow[]> {
  return reader.query<SessionEventRow>(
    sql`
    SELECT flush_id::text AS "flushId", ordinal, lpad(to_hex(span), 16, '0') AS span, clock[cardinality(clock)] AS number,
           (extract(epoch FROM time) * 1000000)::float8 AS "timeMicros",
           node_id AS "nodeId", kind, CASE WHEN kind <> 0 THEN detail END AS detail
      FROM event
     WHERE session_id = ${bounds.session}::uuid AND project_id = ${reader.projectId}
       AND received_at >= timestamptz 'epoch' + ${bounds.receivedFrom}::float8 * interval '1 microsecond'
       AND received_at <= timestamptz 'epoch' + ${bounds.receivedTo}::float8 * interval '1 microsecond'
       AND flags & 1 = 0`,
    'list-session-events',
  )
}
