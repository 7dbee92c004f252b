import type { ProjectReader } from './project-reader.js'
import { sql, type Sql } from './sql.js'

/** Calls from one service to another in a range, or to an address that nobody registered. */
export interface EdgeSum {
  caller: string
  callee: string
  /** The callee is a service; else an address. */
  isService: boolean
  calls: number
  errors: number
  timeouts: number
  cuts: number
  /** Pairs of bucket and count, of the durations that are known. */
  durations: number[]
}

const AHEAD = '1 day'

/** The service that a target's node or address belongs to: of `target.node`, else `target.service`, else of `target.address`. */
export function calleeService(projectId: number, { node, service, address }: { node: Sql; service: Sql; address: Sql }): Sql {
  return sql`coalesce(
    (SELECT o.service FROM node o WHERE o.project_id = ${projectId} AND o.node_uuid = ${node}
      ORDER BY (o.service = ${service}) DESC NULLS LAST, o.first_seen_at LIMIT 1),
    ${service},
    (SELECT o.service FROM node o WHERE o.project_id = ${projectId} AND md5(o.address) = md5(${address}) AND o.address = ${address} AND o.state IS NOT NULL
      ORDER BY o.first_seen_at DESC LIMIT 1))`
}

/** Sums of the minutes from `from` to `to` (exclusive), both whole minutes. What flushes wrote and is not moved yet counts as well. */
export async function sumCalls(
  reader: ProjectReader,
  { from, to, environment }: { from: Date; to: Date; environment: string | null },
): Promise<EdgeSum[]> {
  const { projectId } = reader
  const ofEnvironment = (column: Sql) => (environment === null ? sql`` : sql`AND ${column} = ${environment}`)
  const target = { node: sql`f.callee_node`, service: sql`f.callee_service`, address: sql`f.callee_address` }
  return reader.query<EdgeSum>(sql`
    WITH moved AS MATERIALIZED (
      SELECT caller, callee_service AS service, callee_address AS address, calls, errors, timeouts, cuts, durations
        FROM call_count
       WHERE project_id = ${projectId} AND minute >= ${from}::timestamptz AND minute < ${to}::timestamptz
         AND received_at >= ${from}::timestamptz - ${AHEAD}::interval ${ofEnvironment(sql`environment`)}),
    fresh AS MATERIALIZED (
      SELECT n.service AS caller, f.callee_node, f.callee_service, f.callee_address, f.calls, f.errors, f.timeouts, f.cuts, f.durations
        FROM call_fresh f JOIN node n ON n.id = f.node_id
       WHERE f.project_id = ${projectId} AND f.minute >= ${from}::timestamptz AND f.minute < ${to}::timestamptz ${ofEnvironment(sql`n.environment`)}),
    known AS MATERIALIZED (
      SELECT ROW(f.callee_node, f.callee_service, f.callee_address)::text AS target, ${calleeService(projectId, target)} AS service
        FROM (SELECT DISTINCT callee_node, callee_service, callee_address FROM fresh
               UNION
              SELECT NULL::uuid, NULL, address FROM moved WHERE service IS NULL AND address IS NOT NULL) f),
    counted AS MATERIALIZED (
      SELECT caller, service, address, calls, errors, timeouts, cuts, durations FROM moved WHERE service IS NOT NULL
       UNION ALL
      SELECT m.caller, k.service, m.address, m.calls, m.errors, m.timeouts, m.cuts, m.durations
        FROM moved m JOIN known k ON k.target = ROW(NULL, NULL, m.address)::text
       WHERE m.service IS NULL AND m.address IS NOT NULL
       UNION ALL
      SELECT f.caller, k.service, coalesce(f.callee_address, f.callee_node::text), f.calls, f.errors, f.timeouts, f.cuts, f.durations
        FROM fresh f JOIN known k ON k.target = ROW(f.callee_node, f.callee_service, f.callee_address)::text),
    sums AS (
      SELECT caller, coalesce(service, address) AS callee, service IS NOT NULL AS is_service,
             sum(calls)::float8 AS calls, sum(errors)::float8 AS errors, sum(timeouts)::float8 AS timeouts, sum(cuts)::float8 AS cuts
        FROM counted
       WHERE coalesce(service, address) IS NOT NULL
       GROUP BY 1, 2, 3),
    buckets AS (
      SELECT caller, callee, is_service, array_agg(bucket) AS numbers, array_agg(total) AS totals
        FROM (SELECT c.caller, coalesce(c.service, c.address) AS callee, c.service IS NOT NULL AS is_service,
                     c.durations[i] AS bucket, sum(c.durations[i + 1])::int AS total
                FROM counted c CROSS JOIN LATERAL generate_series(1, cardinality(c.durations), 2) AS i
               GROUP BY 1, 2, 3, 4) b
       GROUP BY 1, 2, 3)
    SELECT s.caller, s.callee, s.is_service AS "isService", s.calls, s.errors, s.timeouts, s.cuts,
           coalesce(ARRAY(SELECT v FROM unnest(b.numbers, b.totals) AS p (number, total), LATERAL (VALUES (1, p.number), (2, p.total)) AS x (k, v) ORDER BY p.number, k), '{}') AS durations
      FROM sums s LEFT JOIN buckets b USING (caller, callee, is_service)
     WHERE s.calls > 0
     ORDER BY s.calls DESC, s.caller, s.callee
     LIMIT 5000`)
}
