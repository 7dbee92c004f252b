import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

/** Whether a process with this UUID was ever heard of. */
export async function isNodeKnown(reader: ProjectReader, node: string): Promise<boolean> {
  const rows = await reader.query<{ known: boolean }>(
    sql`SELECT EXISTS (SELECT FROM node WHERE node_uuid = ${node}::uuid AND project_id = ${reader.projectId}) AS known`,
    'is-node-known',
  )
  return rows[0]?.known ?? false
}
