import type { Pool } from 'pg'
import { inTransaction } from '../transaction.js'

/** One collector at a time. */
const ADVISORY_KEY = 7_241_867
/** Rows moved in one transaction. */
const MAX_ROWS = 50_000

/**
 * Moves what flushes counted of calls into the sums by minute and service, one row each, which readers of long ranges add up. A row is
 * moved and counted in one transaction, so it is counted once whatever happens. Answers how many rows were moved.
 */
export async function rollUpCalls(owner: Pool, now: Date): Promise<number> {
  for (let all = 0; ;) {
    const moved = await inTransaction(owner, async (client) => {
      const { rows } = await client.query<{ turn: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS turn', [ADVISORY_KEY])
      return rows[0]?.turn === true ? Number((await client.query<{ moved: string }>(MOVE, [now, MAX_ROWS])).rows[0]?.moved ?? 0) : 0
    })
    all += moved
    if (moved < MAX_ROWS) return all
  }
}

const MOVE = `
  WITH moved AS (
    DELETE FROM call_fresh WHERE ctid = ANY (ARRAY(SELECT ctid FROM call_fresh LIMIT $2)) RETURNING *),
  target AS MATERIALIZED (
    SELECT ROW(d.project_id, d.callee_node, d.callee_service, d.callee_address)::text AS key,
           coalesce(
             (SELECT o.service FROM node o WHERE o.project_id = d.project_id AND o.node_uuid = d.callee_node
               ORDER BY (o.service = d.callee_service) DESC NULLS LAST, o.first_seen_at LIMIT 1),
             d.callee_service,
             (SELECT o.service FROM node o WHERE o.project_id = d.project_id AND md5(o.address) = md5(d.callee_address)
                 AND o.address = d.callee_address AND o.state IS NOT NULL
               ORDER BY o.first_seen_at DESC LIMIT 1)) AS service
      FROM (SELECT DISTINCT project_id, callee_node, callee_service, callee_address FROM moved) d),
  named AS MATERIALIZED (
    SELECT m.*, n.environment, n.service AS caller, t.service,
           CASE WHEN t.service IS NULL THEN coalesce(m.callee_address, m.callee_node::text) END AS address
      FROM moved m
      JOIN node n ON n.id = m.node_id
      JOIN target t ON t.key = ROW(m.project_id, m.callee_node, m.callee_service, m.callee_address)::text),
  known AS (
    DELETE FROM call_count c USING (SELECT DISTINCT project_id, minute FROM named) t
     WHERE c.project_id = t.project_id AND c.minute = t.minute RETURNING c.*),
  counted AS MATERIALIZED (
    SELECT project_id, minute, environment, caller, service, address, duration_ms, calls, ended, errors, timeouts, cuts, unpaired, durations FROM named
     UNION ALL
    SELECT project_id, minute, environment, caller, callee_service, callee_address, duration_ms, calls, ended, errors, timeouts, cuts, unpaired, durations
      FROM known),
  buckets AS (
    SELECT ROW(project_id, minute, environment, caller, service, address)::text AS key, string_agg(bucket || ',' || total, ',' ORDER BY bucket) AS pairs
      FROM (SELECT project_id, minute, environment, caller, service, address, durations[i] AS bucket, sum(durations[i + 1]) AS total
              FROM counted CROSS JOIN LATERAL generate_series(1, cardinality(durations), 2) AS i
             GROUP BY 1, 2, 3, 4, 5, 6, 7) b
     GROUP BY 1),
  sums AS (
    SELECT project_id, minute, environment, caller, service, address, sum(duration_ms) AS duration_ms, sum(calls)::int AS calls, sum(ended)::int AS ended,
           sum(errors)::int AS errors, sum(timeouts)::int AS timeouts, sum(cuts)::int AS cuts, sum(unpaired)::int AS unpaired
      FROM counted
     GROUP BY 1, 2, 3, 4, 5, 6),
  added AS (
    INSERT INTO call_count (received_at, minute, duration_ms, project_id, calls, ended, errors, timeouts, cuts, unpaired, environment, caller,
                            callee_service, callee_address, durations)
    SELECT $1, s.minute, s.duration_ms, s.project_id, s.calls, s.ended, s.errors, s.timeouts, s.cuts, s.unpaired, s.environment, s.caller,
           s.service, s.address, coalesce(string_to_array(b.pairs, ',')::int[], '{}')
      FROM sums s
      LEFT JOIN buckets b ON b.key = ROW(s.project_id, s.minute, s.environment, s.caller, s.service, s.address)::text)
  SELECT count(*) AS moved FROM moved`
