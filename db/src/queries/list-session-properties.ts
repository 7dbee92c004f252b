import type { ProjectReader } from './project-reader.js'
import { isOneOf } from './session-condition.js'
import { sql } from './sql.js'

/** What the parts of these sessions (32 hex each) say of their properties; several objects a session. */
export async function listSessionProperties(
  reader: ProjectReader,
  sessions: readonly string[],
): Promise<{ session: string; properties: Record<string, unknown> }[]> {
  if (sessions.length === 0) return []
  return reader.query(sql`
    SELECT replace(session_id::text, '-', '') AS session, properties
      FROM session_part
     WHERE ${isOneOf(sessions)} AND project_id = ${reader.projectId} AND properties IS NOT NULL`)
}
