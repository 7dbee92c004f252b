import type { Connection } from '../connection.js'

export interface ProducerRow {
  projectId: number
  producer: string
  epoch: number
  nodeId: number
}

/**
 * Notes that these producers live, and locks their rows until the transaction ends: no other writer can look into or change
 * their ledger meanwhile. Sorted by key, since unsorted upserts of two writers deadlock. Keys must be distinct.
 */
export async function upsertProducers(connection: Connection, producers: readonly ProducerRow[], seenAt: Date): Promise<void> {
  await connection.query({
    name: 'upsert-producers',
    text: `
      INSERT INTO producer (project_id, producer, epoch, node_id, seen_at)
      SELECT project_id, producer, epoch, node_id, $5
        FROM unnest($1::int[], $2::uuid[], $3::int[], $4::int[]) AS given (project_id, producer, epoch, node_id)
       ORDER BY project_id, producer, epoch
          ON CONFLICT (project_id, producer, epoch) DO UPDATE SET node_id = excluded.node_id, seen_at = excluded.seen_at`,
    values: [
      producers.map(({ projectId }) => projectId),
      producers.map(({ producer }) => producer),
      producers.map(({ epoch }) => epoch),
      producers.map(({ nodeId }) => nodeId),
      seenAt,
    ],
  })
}
