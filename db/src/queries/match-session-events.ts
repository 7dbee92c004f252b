import type { Filter } from './filter.js'
import { filterToSql } from './filter-to-sql.js'
import type { EventKey } from './list-event-bodies.js'
import type { SessionBounds } from './list-session-events.js'
import type { ProjectReader } from './project-reader.js'
import { instant, sql } from './sql.js'

/** Keys of a session's events that satisfy the filter, in no order. */
export async function matchSessionEvents(reader: ProjectReader, bounds: SessionBounds, filter: Filter, now: Date): Promise<EventKey[]> {
  return reader.query<EventKey>(sql`
    SELECT e.flush_id::text AS "flushId", e.ordinal
      FROM event e
     WHERE e.session_id = ${bounds.session}::uuid AND e.project_id = ${reader.projectId}
       AND e.received_at >= ${instant(bounds.receivedFrom)}
       AND e.received_at <= ${instant(bounds.receivedTo)}
       AND e.flags & 1 = 0
       AND ${filterToSql(filter, { projectId: reader.projectId, now, session: 'none' })}`)
}
