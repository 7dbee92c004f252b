import type { StoredNodeState } from './node-row.js'
import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

/** One row of node: a process with one service in one environment. */
export interface StoredNode {
  id: number
  node: string
  service: string
  environment: string
  version: string
  origin: string
  address: string | null
  host: string | null
  pid: number | null
  runtime: string | null
  /** null where it never said that it is there. */
  state: StoredNodeState | null
  /** With the service its short name; null where it was never registered. */
  number: number | null
}

/** The nodes with these row ids. */
export async function listNodes(reader: ProjectReader, ids: readonly number[]): Promise<StoredNode[]> {
  return reader.query<StoredNode>(
    sql`
    SELECT id, node_uuid::text AS node, service, environment, version, origin, address, host, pid, runtime,
           state, number
      FROM node
     WHERE id = ANY(${ids}::int[]) AND project_id = ${reader.projectId}`,
    'list-nodes',
  )
}
