import type { Pool } from 'pg'

/** Forgets breakers of processes that were last heard of before `before`; answers how many. Rows that a flush just writes are left for the next time. */
export async function forgetBreakers(owner: Pool, before: Date): Promise<number> {
  const { rowCount } = await owner.query(
    `DELETE FROM breaker
      WHERE (project_id, breaker_id) IN (
            SELECT b.project_id, b.breaker_id
              FROM breaker b JOIN node n ON n.id = b.node_id
             WHERE coalesce(n.state, '') NOT IN ('up', 'stale') AND greatest(n.seen_at, n.left_at, b.turned_at, b.first_seen_at) < $1
               FOR UPDATE OF b SKIP LOCKED)`,
    [before],
  )
  return rowCount ?? 0
}
