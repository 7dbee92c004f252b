import type { Queryable } from '../connection.js'
import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

/** A time in which heartbeats could not be heard. */
export interface RegistryGap {
  fromMicros: number
  toMicros: number
}

/** Records that nobody was heard since the last heartbeat that is stored, where it was everybody's turn since then. */
export async function recordGap(ingest: Queryable, projectId: number, at: Date): Promise<void> {
  await ingest.query(
    sql`
    INSERT INTO registry_gap (project_id, gap_from, gap_to)
    SELECT ${projectId}::int, last.seen_at, ${at}::timestamptz
      FROM (SELECT max(seen_at) AS seen_at, max(seen_at + ttl_seconds * interval '1 second') AS over_at
              FROM node WHERE project_id = ${projectId} AND state IN ('up', 'stale')) AS last
     WHERE last.over_at < ${at}::timestamptz
        ON CONFLICT DO NOTHING`.build(),
  )
}

/** Those that reach beyond `since`. */
export async function listGaps(reader: ProjectReader, since: Date): Promise<RegistryGap[]> {
  return reader.query<RegistryGap>(sql`
    SELECT (extract(epoch FROM gap_from) * 1000000)::float8 AS "fromMicros", (extract(epoch FROM gap_to) * 1000000)::float8 AS "toMicros"
      FROM registry_gap WHERE project_id = ${reader.projectId} AND gap_to > ${since}`)
}
