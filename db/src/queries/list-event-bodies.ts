import type { SessionBounds } from './list-session-events.js'
import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'
import { STORED_EVENT_COLUMNS, type StoredEvent } from './stored-event.js'

export interface EventKey {
  flushId: string
  ordinal: number
}

/** The session's events with these keys, whole, in no order. Reads the session's part of the index, whatever the number of keys. */
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
       AND (e.flush_id, e.ordinal) IN (SELECT * FROM unnest(${flushes}::bigint[], ${ordinals}::int[]))`,
    'list-event-bodies',
  )
}
