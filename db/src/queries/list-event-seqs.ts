import type { EventKey } from './list-event-bodies.js'
import type { SessionBounds } from './list-session-events.js'
import type { ProjectReader } from './project-reader.js'
import { instant, sql } from './sql.js'

/** An event's number at its producer. */
export interface EventSeq extends EventKey {
  /** Row of its node. */
  nodeId: number
  seq: number
}

/** Of those of the session's events with these keys that have one, in no order. Reads as listEventBodies does. */
export async function listEventSeqs(reader: ProjectReader, bounds: SessionBounds, keys: readonly EventKey[]): Promise<EventSeq[]> {
  const flushes = keys.map((key) => key.flushId)
  const ordinals = keys.map((key) => key.ordinal)
  return reader.query<EventSeq>(
    sql`
    SELECT flush_id::text AS "flushId", ordinal, node_id AS "nodeId", seq::float8 AS seq
      FROM event
     WHERE session_id = ${bounds.session}::uuid AND project_id = ${reader.projectId}
       AND received_at >= ${instant(bounds.receivedFrom)}
       AND received_at <= ${instant(bounds.receivedTo)}
       AND ((flush_id, ordinal) IN (SELECT * FROM unnest(${flushes}::bigint[], ${ordinals}::int[]))) IS TRUE AND seq IS NOT NULL`,
    'list-event-seqs',
  )
}
