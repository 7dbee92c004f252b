import { BREAKER_STATE_CODE, STATUS_CODE, type BreakerStateName } from '../codes.js'
import { sql, type Sql } from './sql.js'

/** Whether a breaker turned to that state in the session; for open, also whether a call was cut. Two looks into small indexes. */
export function sawBreaker(sessionId: Sql, state: BreakerStateName, projectId: number): Sql {
  const turned = sql`EXISTS (SELECT FROM breaker_change c
    WHERE c.session_id = ${sessionId} AND c.project_id = ${projectId} AND c.to_state = ${BREAKER_STATE_CODE[state]}::int)`
  return state === 'open' ? sql`(${turned} OR ${hasFailure(sessionId, 'cut', projectId)})` : turned
}

/**
 * Whether a hop ran for longer than was left when it opened, by its own clock, or a call ended at its deadline. What has not closed ran
 * up to its last event.
 */
export function isOverBudget(sessionId: Sql, projectId: number): Sql {
  return sql`(${hasFailure(sessionId, 'timeout', projectId)} OR EXISTS (
    SELECT FROM session_part p
     WHERE p.session_id = ${sessionId} AND p.project_id = ${projectId} AND p.events > 0 AND p.span <> 0
     GROUP BY p.span
    HAVING extract(epoch FROM coalesce(max(p.closed_at), max(p.last_time)) - min(p.opened_at)) * 1000
         > max(CASE WHEN jsonb_typeof(p.detail->'remainingMs') = 'number' THEN (p.detail->>'remainingMs')::float8 END)))`
}

/** Sessions of a project of which it is true since then: few, so a search for them begins here. */
export function sessionsWithBreaker(state: BreakerStateName, projectId: number, since: Date): Sql {
  const recent = sql`project_id = ${projectId} AND received_at >= ${since}::timestamptz - interval '1 day'`
  const turned = sql`SELECT session_id FROM breaker_change WHERE ${recent} AND to_state = ${BREAKER_STATE_CODE[state]}::int`
  return state === 'open'
    ? sql`${turned} UNION SELECT session_id FROM call_failure WHERE ${recent} AND status = ${STATUS_CODE.cut}::int`
    : turned
}

function hasFailure(sessionId: Sql, status: 'cut' | 'timeout', projectId: number): Sql {
  return sql`EXISTS (SELECT FROM call_failure f
    WHERE f.session_id = ${sessionId} AND f.project_id = ${projectId} AND f.status = ${STATUS_CODE[status]}::int)`
}
