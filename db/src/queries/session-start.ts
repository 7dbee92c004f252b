import { sql, type Sql } from './sql.js'

/**
 * A lateral row: first_time of the part that the session starts with. It is the earliest part of the root, by the root's own clock;
 * where no root was seen, the earliest of all. Since it is the time of a part, an index on first_time finds the session by it.
 * collector/src/query/session-times.ts says the same of loaded parts; a test holds the two together.
 */
export function sessionStart(sessionId: Sql, projectId: number): Sql {
  return sql`(
    SELECT min(q.first_time) AS first_time
      FROM session_part q
     CROSS JOIN LATERAL (SELECT q.span <> 0 AND coalesce(cardinality(q.path), 0) = 0 AND (q.numbered > 0 OR q.opened_at IS NOT NULL) AS of_root) r
     WHERE q.session_id = ${sessionId} AND q.project_id = ${projectId} AND q.events > 0
     GROUP BY r.of_root, CASE WHEN r.of_root THEN q.span END
     ORDER BY r.of_root DESC, bool_or(q.parent IS NOT NULL), min(q.opened_at), min(q.first_time)
     LIMIT 1)`
}
