import type { Connection } from '../connection.js'

export interface RejectedSample {
  nodeId: number | null
  code: string
  raw: Buffer
}

/** Slots of the ring: the last 100 rejected lines of a project. */
export const SAMPLE_SLOTS = 100

/** Keeps rejected lines, overwriting the oldest; each a microsecond after the last, so that their order is known. At most `SAMPLE_SLOTS` at once. */
export async function insertRejectedSamples(
  connection: Connection,
  projectId: number,
  samples: readonly RejectedSample[],
  receivedAt: Date,
): Promise<void> {
  await connection.query(
    `
    INSERT INTO rejected_sample (project_id, slot, received_at, node_id, code, raw)
    SELECT $1, (coalesce(latest.slot, -1) + given.position) % ${SAMPLE_SLOTS}, greatest($2::timestamptz, latest.received_at) + given.position * interval '1 microsecond', given.node_id, given.code, given.raw
      FROM unnest($3::int[], $4::text[], $5::bytea[]) WITH ORDINALITY AS given (node_id, code, raw, position)
      LEFT JOIN (SELECT slot, received_at FROM rejected_sample WHERE project_id = $1 ORDER BY received_at DESC LIMIT 1) AS latest ON true
        ON CONFLICT (project_id, slot) DO UPDATE
       SET received_at = excluded.received_at, node_id = excluded.node_id, code = excluded.code, raw = excluded.raw`,
    [projectId, receivedAt, samples.map(({ nodeId }) => nodeId), samples.map(({ code }) => code), samples.map(({ raw }) => raw)],
  )
}
