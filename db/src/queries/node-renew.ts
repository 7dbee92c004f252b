import type { Queryable } from '../connection.js'
import { NODE_COLUMNS, type RegisteredNode } from './node-row.js'
import { sql } from './sql.js'

/**
 * Heartbeats of nodes that are up and say nothing new. Answers the rows as they are now; one that isn't up any more is left out:
 * it has to be registered. Rows are locked in the order of their ids, as everywhere.
 */
export async function renewNodes(ingest: Queryable, projectId: number, ids: readonly number[], at: Date): Promise<RegisteredNode[]> {
  const { rows } = await ingest.query<RegisteredNode>(
    sql`
    WITH known AS MATERIALIZED (
      SELECT id FROM node WHERE project_id = ${projectId} AND id = ANY(${ids}::int[]) AND state = 'up' ORDER BY id FOR UPDATE)
    UPDATE node SET seen_at = ${at}, revision = revision + 1, changed_by = pg_current_xact_id()
      FROM known
     WHERE node.id = known.id
    RETURNING ${NODE_COLUMNS}`.build(),
  )
  return rows
}
