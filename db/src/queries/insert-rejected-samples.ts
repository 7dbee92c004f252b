import { escapeLiteral } from 'pg'

export interface RejectedSample {
  nodeId: number | null
  code: string
  raw: Buffer
}

/** Slots of the ring: the last 100 rejected lines of a project. */
export const SAMPLE_SLOTS = 100

/** Keeps rejected lines, overwriting the oldest; each a microsecond after the last, so that their order is known. At most `SAMPLE_SLOTS` at once. */
export function insertRejectedSamples(projectId: number, samples: readonly RejectedSample[], receivedAt: Date): string {
  const given = samples.map(({ nodeId, code, raw }) => ({ node_id: nodeId, code, raw: raw.toString('hex') }))
  return `
    INSERT INTO rejected_sample (project_id, slot, received_at, node_id, code, raw)
    SELECT ${projectId},
           (coalesce(latest.slot, -1) + given.position) % ${SAMPLE_SLOTS},
           greatest(${escapeLiteral(receivedAt.toISOString())}::timestamptz, latest.received_at) + given.position * interval '1 microsecond',
           given.node_id, given.code, decode(given.raw, 'hex')
      FROM ROWS FROM (jsonb_to_recordset(${escapeLiteral(JSON.stringify(given))}) AS (node_id integer, code text, raw text))
           WITH ORDINALITY AS given (node_id, code, raw, position)
      LEFT JOIN (SELECT slot, received_at FROM rejected_sample WHERE project_id = ${projectId} ORDER BY received_at DESC LIMIT 1) AS latest ON true
        ON CONFLICT (project_id, slot) DO UPDATE
       SET received_at = excluded.received_at, node_id = excluded.node_id, code = excluded.code, raw = excluded.raw`
}
