import type { Connection } from '../connection.js'
import { NODE_COLUMNS, type RegisteredNode } from './node-row.js'
import { sql } from './sql.js'

/** A node that fell silent, as one collector judges it by the heartbeat that it knows of. */
export interface Expiry {
  id: number
  /** Of the row that was judged: a heartbeat since then makes the judgement void. */
  revision: number
  state: 'stale' | 'gone'
}

/** Carries out those judgements that still hold, each once, whichever collector comes first. Within inNodeTransition only. */
export async function expireNodes(client: Connection, projectId: number, expiries: readonly Expiry[], at: Date): Promise<RegisteredNode[]> {
  const { rows } = await client.query<RegisteredNode>(
    sql`
    WITH due AS (
      SELECT * FROM unnest(${expiries.map(({ id }) => id)}::int[], ${expiries.map(({ revision }) => revision)}::bigint[],
                           ${expiries.map(({ state }) => state)}::text[]) AS due (id, revision, state)),
    known AS MATERIALIZED (
      SELECT node.id, node.state AS was, due.state
        FROM node JOIN due ON due.id = node.id AND due.revision = node.revision
       WHERE node.project_id = ${projectId} AND node.state IN ('up', 'stale')
       ORDER BY node.id FOR UPDATE OF node),
    moved AS (
      UPDATE node SET state = known.state, state_at = ${at}, revision = revision + 1, changed_by = pg_current_xact_id()
        FROM known
       WHERE node.id = known.id
      RETURNING node.*, known.was),
    told AS (
      INSERT INTO node_change (changed_at, project_id, node_id, change, was, state, revision)
      SELECT ${at}::timestamptz, project_id, id, state, was, state, revision FROM moved)
    SELECT ${NODE_COLUMNS} FROM moved AS node`.build(),
  )
  return rows
}
