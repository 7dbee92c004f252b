import type { Filter } from './filter.js'
import { filterToSql } from './filter-to-sql.js'
import type { ProjectReader } from './project-reader.js'
import { instant, sql, type Sql } from './sql.js'
import { STORED_EVENT_COLUMNS, type StoredEvent } from './stored-event.js'

export interface SearchEvents {
  /** Of the event's time; `to` exclusive. Null: no bound. */
  from: Date | null
  to: Date | null
  filter: Filter
  /** Presence is judged at this instant, and the search begins to look here. */
  now: Date
  limit: number
  after?: EventPosition
}

/** Where a page ends: the last event's time and identity. */
export interface EventPosition {
  timeMicros: number
  flushId: string
  ordinal: number
}

const FIRST_WINDOW_MICROS = 10_000_000
const GROWTH = 8
/** Beyond this the rest is looked at in one go. */
const LAST_WINDOW_MICROS = 30 * 86_400_000_000

/**
 * Newest first by event time. Looks back in windows that grow until the page is full: the index on time is a BRIN, which
 * finds a window but no order, so each window is sorted by itself. Pages by keyset: OFFSET would repeat or miss events while others arrive.
 */
export async function searchEvents(reader: ProjectReader, search: SearchEvents): Promise<StoredEvent[]> {
  const found: StoredEvent[] = []
  const fromMicros = search.from ? search.from.getTime() * 1_000 : null
  const startMicros = search.after?.timeMicros ?? (search.to ? search.to.getTime() * 1_000 : search.now.getTime() * 1_000)
  // The first window reaches up to `to` whatever `now` says: clocks that run ahead are part of the answer.
  let upper: number | null = search.after ? null : search.to ? startMicros : null
  let size = FIRST_WINDOW_MICROS
  let lower: number | null = startMicros - size
  for (;;) {
    if (size > LAST_WINDOW_MICROS) lower = fromMicros
    else if (lower !== null && fromMicros !== null) lower = Math.max(lower, fromMicros)
    const rows = await reader.query<StoredEvent>(windowStatement(reader, search, lower, upper, search.limit - found.length))
    found.push(...rows)
    if (found.length >= search.limit || lower === null || lower === fromMicros) return found
    upper = lower
    size *= GROWTH
    lower = upper - size
  }
}

function windowStatement(reader: ProjectReader, search: SearchEvents, lower: number | null, upper: number | null, limit: number): Sql {
  const { after } = search
  return sql`
    SELECT ${STORED_EVENT_COLUMNS}
      FROM event e
     WHERE e.project_id = ${reader.projectId}
       ${lower === null ? sql`` : sql`AND e.time >= ${instant(lower)}`}
       ${upper === null ? sql`` : sql`AND e.time < ${instant(upper)}`}
       ${after ? sql`AND e.time <= ${instant(after.timeMicros)}` : sql``}
       ${after ? sql`AND (e.time, e.flush_id, e.ordinal) < (${instant(after.timeMicros)}, ${after.flushId}::bigint, ${after.ordinal}::int)` : sql``}
       AND ${filterToSql(search.filter, { projectId: reader.projectId, now: search.now, session: 'none' })}
     ORDER BY e.time DESC, e.flush_id DESC, e.ordinal DESC
     LIMIT ${limit}`
}
