import type { Queryable } from '../connection.js'

export interface Presence {
  projectId: number
  uuid: string
  service: string
  environment: string
  version: string
  address: string | null
  ttlSeconds: number
  /** JSON text. */
  properties: string | null
}

/** A heartbeat: the node offers the service and is there for another `ttlSeconds`. */
export async function upsertPresence(db: Queryable, presence: Presence, at: Date): Promise<void> {
  await db.query(
    `
    INSERT INTO node (project_id, node_uuid, service, environment, version, address, properties, first_seen_at, seen_at, ttl_seconds)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
        ON CONFLICT (project_id, node_uuid, service, environment) DO UPDATE
       SET version = excluded.version,
           address = coalesce(excluded.address, node.address),
           properties = coalesce(excluded.properties, node.properties),
           seen_at = excluded.seen_at,
           ttl_seconds = excluded.ttl_seconds,
           left_at = NULL`,
    [
      presence.projectId,
      presence.uuid,
      presence.service,
      presence.environment,
      presence.version,
      presence.address,
      presence.properties,
      at,
      presence.ttlSeconds,
    ],
  )
}

/** A graceful leave, of one service or of all. Answers how many rows it concerned. */
export async function markNodeLeft(db: Queryable, projectId: number, uuid: string, service: string | null, at: Date): Promise<number> {
  const { rowCount } = await db.query(
    'UPDATE node SET left_at = $4 WHERE project_id = $1 AND node_uuid = $2 AND ($3::text IS NULL OR service = $3) AND left_at IS NULL',
    [projectId, uuid, service, at],
  )
  return rowCount ?? 0
}
