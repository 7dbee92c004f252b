import type { Connection } from '../connection.js'
import { NODE_COLUMNS, type RegisteredNode } from './node-row.js'
import { sql } from './sql.js'

export interface Leave {
  uuid: string
  /** null: all its services. */
  service: string | null
  /** SHA-256 of the bearer in hex. */
  owner: string | null
}

/** A graceful leave. Answers the rows that it concerned, and how many belong to another owner. Within inNodeTransition only. */
export async function leaveNode(
  client: Connection,
  projectId: number,
  { uuid, service, owner }: Leave,
  at: Date,
): Promise<{ rows: RegisteredNode[]; owned: number }> {
  const { rows } = await client.query<RegisteredNode & { isLeft: boolean }>(
    sql`
    WITH known AS MATERIALIZED (
      SELECT id, state, owner IS NOT DISTINCT FROM decode(${owner}, 'hex') AS is_own
        FROM node
       WHERE project_id = ${projectId} AND node_uuid = ${uuid} AND (${service}::text IS NULL OR service = ${service})
         AND state IN ('up', 'stale')
       ORDER BY id FOR UPDATE),
    moved AS (
      UPDATE node
         SET state = 'gone', state_at = ${at}, left_at = ${at}, revision = revision + 1, changed_by = pg_current_xact_id()
        FROM known
       WHERE node.id = known.id AND known.is_own
      RETURNING node.*, known.state AS was),
    told AS (
      INSERT INTO node_change (changed_at, project_id, node_id, change, was, state, revision)
      SELECT ${at}::timestamptz, project_id, id, 'left', was, state, revision FROM moved),
    concerned AS (
      SELECT node.*, false AS is_left FROM node JOIN known USING (id) WHERE NOT known.is_own)
    SELECT ${NODE_COLUMNS}, true AS "isLeft" FROM moved AS node
     UNION ALL
    SELECT ${NODE_COLUMNS}, false FROM concerned AS node`.build(),
  )
  const left = rows.filter(({ isLeft }) => isLeft)
  return { rows: left, owned: rows.length - left.length }
}
