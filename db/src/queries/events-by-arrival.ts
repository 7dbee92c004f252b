import type { Filter } from './filter.js'
import { filterToSql } from './filter-to-sql.js'
import { flushIdOf } from './insert-flush.js'
import type { StoredFlush } from './list-flushes.js'
import type { ProjectReader } from './project-reader.js'
import { instant, sql } from './sql.js'
import { STORED_EVENT_COLUMNS, type StoredEvent } from './stored-event.js'

/** Where an event stands in the order of arrival. */
export interface Arrival {
  receivedMicros: number
  flushId: string
  ordinal: number
}

export interface ArrivalWindow {
  filter: Filter
  /** Presence is judged at this instant. */
  now: Date
  /** Of the collector's clock, microseconds since the epoch; `from` inclusive, `to` exclusive. */
  fromMicros: number
  toMicros: number
  after?: Arrival
  order: 'oldest first' | 'newest first'
  limit: number
}

/** The events of these flushes, flush by flush. The BRIN on received_at finds them: a flush's events share one instant. */
export async function listFlushEvents(reader: ProjectReader, flushes: readonly StoredFlush[]): Promise<StoredEvent[]> {
  if (flushes.length === 0) return []
  const times = flushes.map(({ receivedMicros }) => receivedMicros)
  const ids = flushes.map(({ writerId, flushNo }) => flushIdOf(writerId, flushNo).toString())
  return reader.query<StoredEvent>(
    sql`
    SELECT ${STORED_EVENT_COLUMNS}
      FROM event e
     WHERE e.received_at >= ${instant(Math.min(...times))} AND e.received_at <= ${instant(Math.max(...times))}
       AND e.flush_id = ANY(${ids}::bigint[])
       AND e.project_id = ${reader.projectId}
     ORDER BY e.received_at, e.flush_id, e.ordinal`,
  )
}

/** Matching events of a window of arrival, in its order. */
export async function searchByArrival(reader: ProjectReader, window: ArrivalWindow): Promise<StoredEvent[]> {
  const { after, order } = window
  const direction = order === 'oldest first' ? sql`` : sql`DESC`
  return reader.query<StoredEvent>(sql`
    SELECT ${STORED_EVENT_COLUMNS}
      FROM event e
     WHERE e.received_at >= ${instant(window.fromMicros)} AND e.received_at < ${instant(window.toMicros)}
       ${after ? sql`AND (e.received_at, e.flush_id, e.ordinal) > (${instant(after.receivedMicros)}, ${after.flushId}::bigint, ${after.ordinal}::int)` : sql``}
       AND e.project_id = ${reader.projectId}
       AND ${filterToSql(window.filter, { projectId: reader.projectId, now: window.now, session: 'none' })}
     ORDER BY e.received_at ${direction}, e.flush_id ${direction}, e.ordinal ${direction}
     LIMIT ${window.limit}`)
}

/** Which of these events match; for terms that only the database can tell. */
export async function matchEvents(reader: ProjectReader, filter: Filter, now: Date, events: readonly StoredEvent[]): Promise<Set<string>> {
  if (events.length === 0) return new Set()
  const times = events.map(({ receivedMicros }) => receivedMicros)
  const rows = await reader.query<{ key: string }>(sql`
    SELECT e.flush_id || '-' || e.ordinal AS key
      FROM event e
     WHERE e.received_at >= ${instant(Math.min(...times))} AND e.received_at <= ${instant(Math.max(...times))}
       AND (e.flush_id, e.ordinal) IN (SELECT * FROM unnest(${events.map(({ flushId }) => flushId)}::bigint[], ${events.map(({ ordinal }) => ordinal)}::int[]))
       AND e.project_id = ${reader.projectId}
       AND ${filterToSql(filter, { projectId: reader.projectId, now, session: 'none' })}`)
  return new Set(rows.map(({ key }) => key))
}

/** As matchEvents names an event. */
export function arrivalKey({ flushId, ordinal }: Pick<Arrival, 'flushId' | 'ordinal'>): string {
  return `${flushId}-${ordinal}`
}
