import { BREAKER_STATE_CODE, STATUS_CODE, type BreakerStateName } from '../codes.js'
import { sql, type Sql } from './sql.js'

export interface TroubledSession {
  id: Sql
  projectId: number
  /** When its rows were received, as far as that is known: spares looking into every day. `to` exclusive. */
  received?: { from: Date; to: Date } | undefined
}

/** Whether a breaker turned to that state in the session; for open, also whether a call was cut. Two looks into small indexes. */
export function sawBreaker(session: TroubledSession, state: BreakerStateName): Sql {
  const turned = sql`EXISTS (SELECT FROM breaker_change r WHERE ${isOf(session)} AND r.to_state = ${BREAKER_STATE_CODE[state]}::int)`
  return state === 'open' ? sql`(${turned} OR ${hasFailure(session, 'cut')})` : turned
}

/**
 * Whether a hop ran for longer than was left when it opened, by its own clock, or a call ended at its deadline. What has not closed ran
 * up to its last event.
 */
export function isOverBudget(session: TroubledSession): Sql {
  return sql`(${hasFailure(session, 'timeout')} OR EXISTS (
    SELECT FROM session_part r
     WHERE ${isOf(session)} AND r.events > 0 AND r.span <> 0
     GROUP BY r.span
    HAVING extract(epoch FROM coalesce(max(r.closed_at), max(r.last_time)) - min(r.opened_at)) * 1000
         > max(CASE WHEN jsonb_typeof(r.detail->'remainingMs') = 'number' THEN (r.detail->>'remainingMs')::float8 END)))`
}

/** Sessions of a project of which it is true since then: few, so a search for them begins here. */
export function sessionsWithBreaker(state: BreakerStateName, projectId: number, since: Date): Sql {
  const recent = sql`project_id = ${projectId} AND received_at >= ${since}::timestamptz - interval '1 day'`
  const turned = sql`SELECT session_id FROM breaker_change WHERE ${recent} AND to_state = ${BREAKER_STATE_CODE[state]}::int`
  return state === 'open'
    ? sql`${turned} UNION SELECT session_id FROM call_failure WHERE ${recent} AND status = ${STATUS_CODE.cut}::int`
    : turned
}

function hasFailure(session: TroubledSession, status: 'cut' | 'timeout'): Sql {
  return sql`EXISTS (SELECT FROM call_failure r WHERE ${isOf(session)} AND r.status = ${STATUS_CODE[status]}::int)`
}

function isOf({ id, projectId, received }: TroubledSession): Sql {
  const bounds = received ? sql`AND r.received_at >= ${received.from}::timestamptz AND r.received_at < ${received.to}::timestamptz` : sql``
  return sql`r.session_id = ${id} AND r.project_id = ${projectId} ${bounds}`
}
