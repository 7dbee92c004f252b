import type { SessionBounds } from './list-session-events.js'
import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'
import { STORED_EVENT_COLUMNS, type StoredEvent } from './stored-event.js'

export interface EventKey {
  flushId: string
  ordinal: number
}

/**
 * The session's events with these keys, whole, in no order. Reads the session's part of the index, whatever the number of keys.
 * IS TRUE keeps IN from becoming a join: the plan that a connection keeps after five uses takes the arrays for short and would
 * compare each event with each key (1,000 events and 200 keys: 24 ms instead of 5); so the keys are hashed.
 */
export async function listEventBodies(reader: ProjectReader, bounds: SessionBounds, keys: readonly EventKey[]): Promise<StoredEvent[]> {
  const flushes = keys.map((key) => key.flushId)
  const ordinals = keys.map((key) => key.ordinal)
  return reader.query<StoredEvent>(
    sql`
    SELECT ${STORED_EVENT_COLUMNS}
      FROM event e
     WHERE e.session_id = ${bounds.session}::uuid AND e.project_id = ${reader.projectId}
       AND e.received_at >= timestamptz 'epoch' + ${bounds.receivedFrom}::float8 * interval '1 microsecond'
       AND e.received_at <= timestamptz 'epoch' + ${bounds.receivedTo}::float8 * interval '1 microsecond'
       AND ((e.flush_id, e.ordinal) IN (SELECT * FROM unnest(${flushes}::bigint[], ${ordinals}::int[]))) IS TRUE`,
    'list-event-bodies',
  )
}
