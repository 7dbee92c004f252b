import { sql, type Sql } from './sql.js'

/** Of a hop that joined none of ours. */
const ofRoot = (part: Sql) =>
  sql`(${part}.span <> 0 AND coalesce(cardinality(${part}.path), 0) = 0 AND (${part}.numbered > 0 OR ${part}.opened_at IS NOT NULL))`

/**
 * Whether the part `p` is the one that a session starts with; of each session exactly one is, so a session can be found by an
 * index on first_time. It is the earliest part of the root, by the root's own clock; where no root was seen, the earliest of all.
 * collector/src/query/session-times.ts says the same of loaded parts; a test holds the two together.
 *
 * A CASE is evaluated in this order, and EXISTS stops at the first row, which most often is the root's: only for the earliest
 * part of a root are all parts of its session read, in search of another root.
 */
export function isStart(projectId: number): Sql {
  const own = sql`q.session_id = p.session_id AND q.project_id = ${projectId} AND q.events > 0`
  return sql`(p.events > 0 AND CASE WHEN ${ofRoot(sql`p`)} THEN
      NOT EXISTS (SELECT FROM session_part q
                   WHERE ${own} AND q.span = p.span AND ${ofRoot(sql`q`)} AND (q.first_time, q.flush_id) < (p.first_time, p.flush_id))
      AND p.span = (SELECT q.span FROM session_part q
                     WHERE ${own} AND ${ofRoot(sql`q`)}
                     GROUP BY q.span
                     ORDER BY bool_or(q.parent IS NOT NULL), min(q.opened_at), min(q.first_time), q.span
                     LIMIT 1)
    ELSE
      NOT EXISTS (SELECT FROM session_part q
                   WHERE ${own} AND (${ofRoot(sql`q`)} OR (q.first_time, q.flush_id, q.span) < (p.first_time, p.flush_id, p.span)))
    END)`
}
