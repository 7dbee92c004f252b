import type { Filter } from './filter.js'
import { filterToSql } from './filter-to-sql.js'
import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

export interface CountEvents {
  from: Date
  to: Date
  bucketSeconds: number
  by: 'level' | 'service'
  filter: Filter
  now: Date
  /** `minutes`: sums of event_count, for whole minutes and filters on node and level alone. */
  source: 'minutes' | 'events'
}

export interface BucketCount {
  /** Position of the bucket from the start of the range. */
  bucket: number
  /** Severity number, or service. */
  key: string
  events: number
}

/** Events a bucket and level (or service); buckets start at `from`. */
export async function countEvents(reader: ProjectReader, count: CountEvents): Promise<BucketCount[]> {
  const isMinutes = count.source === 'minutes'
  const time = isMinutes ? sql`e.minute` : sql`e.time`
  const rows = sql`
    SELECT floor(extract(epoch FROM ${time} - ${count.from}::timestamptz) / ${count.bucketSeconds}::float8)::int AS bucket,
           ${count.by === 'level' ? sql`e.level` : sql`e.node_id`} AS key,
           ${isMinutes ? sql`sum(e.events)::float8` : sql`count(*)::float8`} AS events
      FROM ${isMinutes ? sql`event_count` : sql`event`} e
     WHERE e.project_id = ${reader.projectId} AND ${time} >= ${count.from}::timestamptz AND ${time} < ${count.to}::timestamptz
       AND ${filterToSql(count.filter, { projectId: reader.projectId, now: count.now, session: 'none' })}
     GROUP BY 1, 2`
  if (count.by === 'level') return reader.query<BucketCount>(sql`SELECT bucket, key::text, events FROM (${rows}) r`)
  return reader.query<BucketCount>(sql`
    SELECT r.bucket, n.service AS key, sum(r.events)::float8 AS events FROM (${rows}) r JOIN node n ON n.id = r.key GROUP BY 1, 2`)
}
