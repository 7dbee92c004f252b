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
  seenMicros: number | null
  ttlSeconds: number | null
  leftMicros: number | null
}

/** The nodes with these row ids. */
export async function listNodes(reader: ProjectReader, ids: readonly number[]): Promise<StoredNode[]> {
  return reader.query<StoredNode>(
    sql`
    SELECT id, node_uuid::text AS node, service, environment, version, origin, address, host, pid, runtime,
           (extract(epoch FROM seen_at) * 1000000)::float8 AS "seenMicros",
           ttl_seconds AS "ttlSeconds",
           (extract(epoch FROM left_at) * 1000000)::float8 AS "leftMicros"
      FROM node
     WHERE id = ANY(${ids}::int[]) AND project_id = ${reader.projectId}`,
    'list-nodes',
  )
}
