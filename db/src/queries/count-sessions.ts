import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

export interface SessionCount {
  sessions: number
  failed: number
}

/** More parts than this in the range are not counted: the page comes first. Cost about 0.2 s. */
const MAX_PARTS = 200_000

/** Sessions with a part that began in the range, and those whose root closed with error; null where there are too many to count in passing. */
export async function countSessions(reader: ProjectReader, { from, to }: { from: Date; to: Date }): Promise<SessionCount | null> {
  const rows = await reader.query<SessionCount & { parts: number }>(sql`
    SELECT count(*)::int AS parts,
           count(DISTINCT r.session_id)::int AS sessions,
           count(DISTINCT r.session_id) FILTER (WHERE r.status = 1 AND r.closed_at IS NOT NULL AND r.parent IS NULL AND coalesce(cardinality(r.path), 0) = 0)::int AS failed
      FROM (SELECT p.session_id, p.status, p.closed_at, p.parent, p.path
              FROM session_part p
             WHERE p.project_id = ${reader.projectId} AND p.events > 0
               AND p.first_time >= ${from}::timestamptz AND p.first_time < ${to}::timestamptz
             LIMIT ${MAX_PARTS + 1}) r`)
  const row = rows[0]
  return !row || row.parts > MAX_PARTS ? null : { sessions: row.sessions, failed: row.failed }
}
