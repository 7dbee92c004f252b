import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

export interface FieldValue {
  kind: 'event' | 'attribute'
  name: string
  value: string
  events: number
}

/** Attributes are read from this many of the newest flushes' events. */
const SAMPLED_EVENTS = 5_000
const VALUES_A_FIELD = 10
const MAX_VALUE_CHARACTERS = 100

/**
 * Values of event fields and attributes with how many of a sample of events have them, most frequent first: the events
 * between `from` and `to`, as the table holds them, up to a number. An estimate, for completion.
 */
export async function listFieldValues(reader: ProjectReader, { from, to }: { from: Date; to: Date }): Promise<FieldValue[]> {
  return reader.query<FieldValue>(sql`
    WITH sample AS (
      SELECT e.node_id, e.category, e.attributes
        FROM event e
       WHERE e.project_id = ${reader.projectId} AND e.time >= ${from}::timestamptz AND e.time < ${to}::timestamptz
       LIMIT ${SAMPLED_EVENTS}),
    counted AS (
      SELECT 'event' AS kind, f.name, f.value, count(*)::int AS events
        FROM sample s JOIN node n ON n.id = s.node_id
       CROSS JOIN LATERAL (VALUES ('service', n.service), ('environment', n.environment), ('version', n.version), ('category', s.category)) AS f(name, value)
       WHERE f.value <> ''
       GROUP BY 2, 3
       UNION ALL
      SELECT 'attribute', a.key, left(a.value, ${MAX_VALUE_CHARACTERS}), count(*)::int
        FROM sample s CROSS JOIN LATERAL jsonb_each_text(s.attributes) AS a(key, value)
       WHERE a.value IS NOT NULL
       GROUP BY 2, 3)
    SELECT kind, name, value, events
      FROM (SELECT c.*, row_number() OVER (PARTITION BY kind, name ORDER BY events DESC, value) AS place FROM counted c) r
     WHERE place <= ${VALUES_A_FIELD}
     ORDER BY kind, name, place`)
}
