import type { EventKey } from './list-event-bodies.js'
import type { SessionBounds } from './list-session-events.js'
import type { ProjectReader } from './project-reader.js'
import { instant, sql, type Sql } from './sql.js'

export interface EventSize extends EventKey {
  bytes: number
}

const sizeOf = (column: Sql) =>
  sql`CASE WHEN pg_column_compression(${column}) IS NULL THEN pg_column_size(${column}) ELSE octet_length(${column}::text) END`

/** About how many bytes the body of each event of a session has, in no order: what is stored compressed counts as it is read. */
export async function listEventSizes(reader: ProjectReader, bounds: SessionBounds): Promise<EventSize[]> {
  return reader.query<EventSize>(
    sql`
    SELECT flush_id::text AS "flushId", ordinal,
           octet_length(message) + coalesce(${sizeOf(sql`attributes`)}, 0) + coalesce(${sizeOf(sql`detail`)}, 0) AS bytes
      FROM event
     WHERE session_id = ${bounds.session}::uuid AND project_id = ${reader.projectId}
       AND received_at >= ${instant(bounds.receivedFrom)}
       AND received_at <= ${instant(bounds.receivedTo)}
       AND flags & 1 = 0`,
    'list-event-sizes',
  )
}
