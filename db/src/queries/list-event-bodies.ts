import type { SessionBounds } from './list-session-events.js'
import type { ProjectReader } from './project-reader.js'
import { instant, sql, type Sql } from './sql.js'
import { STORED_EVENT_COLUMNS, type StoredEvent } from './stored-event.js'
import { rowPlace } from './unpack-events.js'

export interface EventKey {
  flushId: string
  ordinal: number
}

/** Where the row was when the session's events were listed: a hint that saves the search, nothing more. */
export interface EventPlace extends EventKey {
  place: number
}

/**
 * The session's events with these keys, whole, in no order. They are looked for where they were; those that are there no longer, since
 * upkeep wrote their partition anew, by their keys. Cost: of the keys, not of the session.
 */
export async function listEventBodies(reader: ProjectReader, bounds: SessionBounds, keys: readonly EventPlace[]): Promise<StoredEvent[]> {
  const places = keys.map(({ place }) => rowPlace(place))
  const found = await reader.query<StoredEvent>(
    sql`${selectBodies(reader, bounds, keys)} AND e.ctid = ANY(${places}::tid[])`,
    'list-event-bodies',
  )
  if (found.length === keys.length) return found
  const known = new Set(found.map(({ flushId, ordinal }) => `${flushId} ${ordinal}`))
  const moved = keys.filter(({ flushId, ordinal }) => !known.has(`${flushId} ${ordinal}`))
  return [...found, ...(await reader.query<StoredEvent>(selectBodies(reader, bounds, moved), 'find-event-bodies'))]
}

/**
 * Alone it reads the session's part of the index, whatever the number of keys. IS TRUE keeps IN from becoming a join: the plan that a
 * connection keeps after five uses takes the arrays for short and would compare each event with each key (1,000 events and 200
 * keys: 24 ms instead of 5); so the keys are hashed.
 */
function selectBodies(reader: ProjectReader, bounds: SessionBounds, keys: readonly EventKey[]): Sql {
  const flushes = keys.map((key) => key.flushId)
  const ordinals = keys.map((key) => key.ordinal)
  return sql`
    SELECT ${STORED_EVENT_COLUMNS}
      FROM event e
     WHERE e.session_id = ${bounds.session}::uuid AND e.project_id = ${reader.projectId}
       AND e.received_at >= ${instant(bounds.receivedFrom)}
       AND e.received_at <= ${instant(bounds.receivedTo)}
       AND ((e.flush_id, e.ordinal) IN (SELECT * FROM unnest(${flushes}::bigint[], ${ordinals}::int[]))) IS TRUE`
}
