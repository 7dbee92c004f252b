import type { Queryable } from '../connection.js'

export interface NodeRow {
  projectId: number
  uuid: string
  service: string
  environment: string
  version: string
  origin: 'native' | 'otlp' | 'mdk'
  address: string | null
  host: string | null
  pid: number | null
  runtime: string | null
  sdk: string | null
}

/**
 * The id of a node's row, made or brought up to date. What the newer report leaves out stays as it was; what others find the node by
 * comes from its registration alone, once there was one.
 */
export async function upsertNode(db: Queryable, node: NodeRow, at: Date): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `
    INSERT INTO node (project_id, node_uuid, service, environment, version, origin, address, host, pid, runtime, sdk, first_seen_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (project_id, node_uuid, service, environment) DO UPDATE
       SET version = CASE WHEN node.state IS NULL THEN excluded.version ELSE node.version END,
           address = CASE WHEN node.state IS NULL THEN coalesce(excluded.address, node.address) ELSE node.address END,
           host = coalesce(excluded.host, node.host),
           pid = coalesce(excluded.pid, node.pid),
           runtime = coalesce(excluded.runtime, node.runtime),
           sdk = coalesce(excluded.sdk, node.sdk)
    RETURNING id`,
    [
      node.projectId,
      node.uuid,
      node.service,
      node.environment,
      node.version,
      node.origin,
      node.address,
      node.host,
      node.pid,
      node.runtime,
      node.sdk,
      at,
    ],
  )
  const id = rows[0]?.id
  if (id === undefined) throw new Error('node: no id returned')
  return id
}
