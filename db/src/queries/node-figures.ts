import { LEVEL_CODE } from '../codes.js'
import { breakerTables, isHeard } from './breaker-rows.js'
import type { RegisteredNode } from './node-row.js'
import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

export interface NodeFigures {
  /** Row id of the node. */
  id: number
  events: number
  errors: number
  /** Sessions that it opened a hop in. */
  sessions: number
}

/** Clocks of nodes that are further off than that show no figures. */
const CLOCK_SLACK = '3 minutes'

/** What arrived from each node since then, which is to be seconds ago: found by the events' own minutes. */
export async function sumNodeFigures(reader: ProjectReader, since: Date): Promise<NodeFigures[]> {
  return reader.query<NodeFigures>(
    sql`
    SELECT node_id AS id, coalesce(c.events, 0) AS events, coalesce(c.errors, 0) AS errors, coalesce(s.sessions, 0) AS sessions
      FROM (SELECT node_id, sum(events)::float8 AS events,
                   coalesce(sum(events) FILTER (WHERE level >= ${LEVEL_CODE.error}::int), 0)::float8 AS errors
              FROM event_count
             WHERE project_id = ${reader.projectId} AND minute >= ${since}::timestamptz - ${CLOCK_SLACK}::interval
               AND received_at >= ${since}
             GROUP BY node_id) AS c
      FULL JOIN (SELECT node_id, count(DISTINCT session_id)::float8 AS sessions
                   FROM session_part
                  WHERE project_id = ${reader.projectId} AND first_time >= ${since}::timestamptz - ${CLOCK_SLACK}::interval
                    AND received_at >= ${since} AND opened_at IS NOT NULL AND node_id IS NOT NULL
                  GROUP BY node_id) AS s USING (node_id)`,
    'sum-node-figures',
  )
}

/** How many breakers of others to each node (UUID) are open or half open, by those who report. */
export async function countOpenBreakers(reader: ProjectReader, now: Date): Promise<{ uuid: string; breakers: number }[]> {
  return reader.query(
    sql`
    SELECT coalesce(b.target_node, t.node_uuid)::text AS uuid, count(*)::int AS breakers
      FROM ${breakerTables(reader.projectId)}
     WHERE b.project_id = ${reader.projectId} AND b.state IN (1, 2) AND ${isHeard(now)} AND coalesce(b.target_node, t.node_uuid) IS NOT NULL
     GROUP BY 1`,
  )
}

/** A node that logs and never said that it is there. */
export type UnannouncedNode = Pick<
  RegisteredNode,
  'id' | 'uuid' | 'service' | 'environment' | 'version' | 'origin' | 'address' | 'host' | 'pid' | 'runtime' | 'sdk' | 'firstSeenMicros'
>

/** Of these rows those that were never registered. */
export async function listUnannounced(reader: ProjectReader, ids: readonly number[]): Promise<UnannouncedNode[]> {
  return reader.query<UnannouncedNode>(sql`
    SELECT id, node_uuid::text AS uuid, service, environment, version, origin, address, host, pid, runtime, sdk,
           (extract(epoch FROM first_seen_at) * 1000000)::float8 AS "firstSeenMicros"
      FROM node
     WHERE project_id = ${reader.projectId} AND id = ANY(${ids}::int[]) AND state IS NULL`)
}

/** The rows of one process that were never registered. */
export async function listUnannouncedOf(reader: ProjectReader, uuid: string): Promise<UnannouncedNode[]> {
  const rows = await reader.query<{ id: number }>(
    sql`SELECT id FROM node WHERE project_id = ${reader.projectId} AND node_uuid = ${uuid} AND state IS NULL`,
  )
  return rows.length === 0
    ? []
    : listUnannounced(
        reader,
        rows.map(({ id }) => id),
      )
}
