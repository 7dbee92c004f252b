import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

export interface ServiceRow {
  service: string
  environments: string[]
  nodes: number
  seenMicros: number | null
}

/** Services that ever had a node, by name. */
export async function listServices(reader: ProjectReader): Promise<ServiceRow[]> {
  return reader.query<ServiceRow>(sql`
    SELECT service, array_agg(DISTINCT environment ORDER BY environment) AS environments, count(DISTINCT node_uuid)::int AS nodes,
           (extract(epoch FROM max(greatest(seen_at, first_seen_at))) * 1000000)::float8 AS "seenMicros"
      FROM node
     WHERE project_id = ${reader.projectId}
     GROUP BY service
     ORDER BY service`)
}
