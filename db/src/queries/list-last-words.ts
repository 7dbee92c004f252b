import type { EventKey } from './list-event-bodies.js'
import type { SessionBounds } from './list-session-events.js'
import type { ProjectReader } from './project-reader.js'
import { instant, sql } from './sql.js'

/** What one event said. */
export interface StoredWords extends EventKey {
  timeMicros: number
  level: number
  /** At most so many characters as were asked for. */
  message: string
  isCut: boolean
}

/** What the session's events with these keys say, in no order: `maxCharacters` of each message. Reads as listEventBodies does. */
export async function listLastWords(
  reader: ProjectReader,
  bounds: SessionBounds,
  keys: readonly EventKey[],
  maxCharacters: number,
): Promise<StoredWords[]> {
  const flushes = keys.map((key) => key.flushId)
  const ordinals = keys.map((key) => key.ordinal)
  return reader.query<StoredWords>(
    sql`
    SELECT flush_id::text AS "flushId", ordinal, (extract(epoch FROM time) * 1000000)::float8 AS "timeMicros", level,
           left(message, ${maxCharacters}::int) AS message, length(message) > ${maxCharacters}::int AS "isCut"
      FROM event
     WHERE session_id = ${bounds.session}::uuid AND project_id = ${reader.projectId}
       AND received_at >= ${instant(bounds.receivedFrom)}
       AND received_at <= ${instant(bounds.receivedTo)}
       AND ((flush_id, ordinal) IN (SELECT * FROM unnest(${flushes}::bigint[], ${ordinals}::int[]))) IS TRUE`,
    'list-last-words',
  )
}
