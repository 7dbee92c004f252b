import type { Pool } from 'pg'
import type { ProjectReader } from './project-reader.js'
import { NODE_COLUMNS, type RegisteredNode, type StoredNodeState } from './node-row.js'
import { sql } from './sql.js'

export interface NodePoll {
  /** Where the next poll begins: no change that is not visible yet lies before it. */
  horizon: string
  rows: RegisteredNode[]
}

/** Nodes that changed since the poll that gave this horizon; some may have been seen before. Cost: an index scan of what changed. */
export async function pollNodes(reader: ProjectReader, horizon: string): Promise<NodePoll> {
  const rows = await reader.query<RegisteredNode & { horizon: string; id: number | null }>(
    sql`
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, ${NODE_COLUMNS}
      FROM (SELECT 1) AS once LEFT JOIN node ON node.project_id = ${reader.projectId} AND node.changed_by >= ${horizon}::xid8`,
    'poll-nodes',
  )
  return { horizon: rows[0]?.horizon ?? horizon, rows: rows.filter(({ id }) => id !== null) }
}

/** All nodes that aren't gone, and those that went since `goneAfter`, newest first, at most `maxGone`. */
export async function loadNodeTable(reader: ProjectReader, goneAfter: Date, maxGone: number): Promise<NodePoll> {
  const rows = await reader.query<RegisteredNode & { horizon: string; id: number | null }>(sql`
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, ${NODE_COLUMNS}
      FROM (SELECT 1) AS once LEFT JOIN (
           SELECT * FROM node WHERE project_id = ${reader.projectId} AND state IN ('up', 'stale')
            UNION ALL
           (SELECT * FROM node WHERE project_id = ${reader.projectId} AND state = 'gone' AND state_at > ${goneAfter}
             ORDER BY state_at DESC LIMIT ${maxGone})) AS node ON true`)
  return { horizon: rows[0]?.horizon ?? '0', rows: rows.filter(({ id }) => id !== null) }
}

/** The registered rows of one process: a service and environment each. */
export async function listServicesOfNode(reader: ProjectReader, uuid: string): Promise<RegisteredNode[]> {
  return reader.query<RegisteredNode>(sql`
    SELECT ${NODE_COLUMNS} FROM node WHERE project_id = ${reader.projectId} AND node_uuid = ${uuid} AND state IS NOT NULL ORDER BY service, environment`)
}

export interface StoredNodeChange {
  nodeId: number
  micros: number
  change: 'up' | 'stale' | 'gone' | 'left' | 'restart' | 'flap'
  was: StoredNodeState | null
  state: StoredNodeState
  other: string | null
}

const CHANGE_COLUMNS = sql`node_id AS "nodeId", (extract(epoch FROM changed_at) * 1000000)::float8 AS micros, change, was, state, other::text AS other`

/** What became of all nodes since then, oldest first. */
export async function listNodeChangesSince(reader: ProjectReader, since: Date): Promise<StoredNodeChange[]> {
  return reader.query<StoredNodeChange>(
    sql`SELECT ${CHANGE_COLUMNS} FROM node_change WHERE project_id = ${reader.projectId} AND changed_at >= ${since} ORDER BY changed_at, revision`,
  )
}

/** What became of these rows of node, newest first. */
export async function listChangesOfNode(reader: ProjectReader, ids: readonly number[], limit: number): Promise<StoredNodeChange[]> {
  return reader.query<StoredNodeChange>(sql`
    SELECT ${CHANGE_COLUMNS} FROM node_change
     WHERE project_id = ${reader.projectId} AND node_id = ANY(${ids}::int[])
     ORDER BY changed_at DESC, revision DESC
     LIMIT ${limit}`)
}

/** Forgets changes from before then; answers how many. */
export async function dropNodeChanges(owner: Pool, before: Date): Promise<number> {
  const { rowCount } = await owner.query('DELETE FROM node_change WHERE changed_at < $1', [before])
  await owner.query('DELETE FROM registry_gap WHERE gap_to < $1', [before])
  return rowCount ?? 0
}
