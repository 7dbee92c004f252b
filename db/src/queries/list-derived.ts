import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

/** Sessions (32 hex) whose root's open names this one as its origin, by start; at most `limit`. Reads the index on derived parts. */
export async function listDerived(reader: ProjectReader, session: string, limit: number): Promise<string[]> {
  const rows = await reader.query<{ session: string }>(
    sql`
    SELECT replace(session_id::text, '-', '') AS session
      FROM session_part
     WHERE (detail->'derived'->>'session') = ${session} AND detail ? 'derived' AND project_id = ${reader.projectId}
       AND session_id <> ${session}::uuid AND coalesce(cardinality(path), 0) = 0
     GROUP BY session_id
     ORDER BY min(first_time), session_id
     LIMIT ${limit}`,
    'list-derived',
  )
  return rows.map((row) => row.session)
}
