import { sql, type Sql } from './sql.js'

/**
 * A lateral row of what a session's parts add up to, for filters and sorting: session_id, duration_ms, events, errors,
 * missing, services, name, outcome. An absence says how far its hop counted, as a part does. Outcome and root follow collector/src/causality/outcome.ts, duration collector/src/query/session-times.ts;
 * a test holds them together.
 */
export function sessionFigures(sessionId: Sql, { projectId }: { projectId: number; now?: Date }): Sql {
  return sql`(
    SELECT ${sessionId} AS session_id,
           coalesce(extract(epoch FROM max(h.longest))::float8 * 1000, 0) AS duration_ms,
           sum(h.events)::bigint AS events,
           sum(h.errors)::bigint AS errors,
           sum(CASE WHEN h.origin <> 'native' THEN 0 ELSE h.missing END)::bigint AS missing,
           coalesce(array_agg(DISTINCT h.service) FILTER (WHERE h.service IS NOT NULL AND h.events > 0), '{}') AS services,
           coalesce((array_agg(h.name ORDER BY h.is_root DESC, h.depth, h.has_parent, h.opened, h.span) FILTER (WHERE h.opened IS NOT NULL))[1], '') AS name,
           CASE WHEN (array_agg(h.state ORDER BY h.has_parent, h.opened, h.started, h.span) FILTER (WHERE h.is_root))[1] = 'failed' THEN 'failed'
                WHEN bool_or(h.state = 'running') THEN 'running'
                WHEN bool_or(h.state = 'died') THEN 'died'
                WHEN (array_agg(h.state ORDER BY h.has_parent, h.opened, h.started, h.span) FILTER (WHERE h.is_root))[1] = 'ok' THEN 'ok'
                ELSE 'unknown' END AS outcome
      FROM (SELECT g.*, n.service, n.origin,
                   g.is_work AND g.depth = 0 AS is_root,
                   CASE WHEN g.closed THEN CASE WHEN g.status = 1 THEN 'failed' ELSE 'ok' END
                        WHEN NOT g.is_work OR n.origin <> 'native' OR n.state IS NULL THEN 'unknown'
                        WHEN n.state = 'gone' THEN 'died'
                        ELSE 'running' END AS state
              FROM (SELECT p.span,
                           min(p.first_time) FILTER (WHERE p.events > 0) AS started,
                           max(p.on_one_clock) FILTER (WHERE p.node_id IS NOT NULL) AS longest,
                           min(p.opened_at) AS opened,
                           bool_or(p.closed_at IS NOT NULL) AS closed,
                           max(p.status) AS status,
                           max(p.name) AS name,
                           max(p.node_id) AS node_id,
                           sum(p.events) AS events,
                           sum(p.errors) AS errors,
                           greatest(0, greatest(max(p.last_number), max(p.at_least), 0) - sum(p.numbered)) AS missing,
                           p.span <> 0 AND (bool_or(p.opened_at IS NOT NULL) OR sum(p.numbered) > 0) AS is_work,
                           coalesce(max(cardinality(p.path)), 0) AS depth,
                           bool_or(p.parent IS NOT NULL) AS has_parent
                      FROM (SELECT span, first_time, opened_at, closed_at, status, name, node_id, events, numbered, errors, last_number, at_least, path, parent,
                                   max(last_time) FILTER (WHERE events > 0) OVER of_node - min(first_time) FILTER (WHERE events > 0) OVER of_node AS on_one_clock
                              FROM session_part
                             WHERE session_id = ${sessionId} AND project_id = ${projectId}
                            WINDOW of_node AS (PARTITION BY node_id)
                             UNION ALL
                            SELECT span, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, to_number, NULL, NULL, NULL, NULL
                              FROM absence
                             WHERE session_id = ${sessionId} AND project_id = ${projectId} AND span IS NOT NULL AND from_number IS NOT NULL) p
                     GROUP BY p.span) g
              LEFT JOIN node n ON n.id = g.node_id) h)`
}
