import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

export interface SessionVersion {
  /** Changes whenever something was stored of the session, or dropped by retention. */
  version: string
  events: number
}

/**
 * Parts and absences are only ever appended, each part once a flush: their count and the last flush tell versions apart, far cheaper
 * than the parts themselves. Null where the session has no part with events.
 */
export async function readSessionVersion(reader: ProjectReader, session: string): Promise<SessionVersion | null> {
  const rows = await reader.query<SessionVersion>(
    sql`
    SELECT p.events, concat_ws(' ', p.parts, p.last_flush, a.absences) AS version
      FROM (SELECT coalesce(sum(events), 0)::float8 AS events, count(*) AS parts, max(flush_id) AS last_flush
              FROM session_part
             WHERE session_id = ${session}::uuid AND project_id = ${reader.projectId}) p,
           (SELECT count(*) AS absences
              FROM absence
             WHERE session_id = ${session}::uuid AND project_id = ${reader.projectId}) a`,
    'session-version',
  )
  const row = rows[0]
  return row === undefined || row.events === 0 ? null : row
}
