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

export interface Left {
  rows: RegisteredNode[]
  /** Positions of those of which nothing left, since all of it belongs to another owner. */
  owned: ReadonlySet<number>
}

/** Graceful leaves, in one statement, however many they are. Within inNodeTransition only. */
export async function leaveNodes(client: Connection, projectId: number, leaves: readonly Leave[], at: Date): Promise<Left> {
  const given = JSON.stringify(leaves.map((leave, place) => ({ place, ...leave })))
  const { rows } = await client.query<RegisteredNode & { place: number; isOwn: boolean }>(
    sql`
    WITH known AS MATERIALIZED (
      SELECT node.id, node.state, given.place, node.owner IS NOT DISTINCT FROM decode(given.owner, 'hex') AS is_own
        FROM jsonb_to_recordset(${given}::jsonb) AS given (place int, uuid uuid, service text, owner text)
        JOIN node ON node.node_uuid = given.uuid AND (given.service IS NULL OR node.service = given.service)
       WHERE node.project_id = ${projectId} AND node.state IN ('up', 'stale')
       ORDER BY node.id FOR UPDATE OF node),
    moved AS (
      UPDATE node
         SET state = 'gone', state_at = ${at}, left_at = ${at}, revision = revision + 1, changed_by = pg_current_xact_id()
        FROM known
       WHERE node.id = known.id AND known.is_own
      RETURNING node.*, known.state AS was, known.place, true AS is_own),
    told AS (
      INSERT INTO node_change (changed_at, project_id, node_id, change, was, state, revision)
      SELECT ${at}::timestamptz, project_id, id, 'left', was, state, revision FROM moved),
    kept AS (
      SELECT node.*, known.place, false AS is_own FROM node JOIN known USING (id) WHERE NOT known.is_own)
    SELECT ${NODE_COLUMNS}, node.place, node.is_own AS "isOwn" FROM moved AS node
     UNION ALL
    SELECT ${NODE_COLUMNS}, node.place, node.is_own FROM kept AS node`.build(),
  )
  const left = rows.filter(({ isOwn }) => isOwn)
  const isLeft = new Set(left.map(({ place }) => place))
  return { rows: left, owned: new Set(rows.filter(({ place }) => !isLeft.has(place)).map(({ place }) => place)) }
}
