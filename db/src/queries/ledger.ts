import type { Connection } from '../connection.js'

/** A range of a producer's numbers that is stored, or shall be; bounds inclusive. */
export interface LedgerRange {
  projectId: number
  producer: string
  epoch: number
  first: number
  last: number
}

export interface LedgerRow extends LedgerRange {
  /** SHA-256 of the inflated body. */
  digest: Buffer
}

export interface LedgerHit {
  /** Position of the range asked for. */
  position: number
  first: number
  last: number
  /** Null where ranges were merged: what lies inside is a duplicate. */
  digest: Buffer | null
}

/**
 * For each range the stored one that overlaps it, if any. Stored ranges of a producer never overlap one another, so the one
 * that begins last before the range's end is the only candidate. The producers' rows must be locked, and by an earlier
 * statement: only then does this one see what another writer has just committed.
 */
export async function findOverlaps(connection: Connection, ranges: readonly LedgerRange[]): Promise<LedgerHit[]> {
  const { rows } = await connection.query<{ position: string; first: string; last: string; digest: Buffer | null }>({
    name: 'find-overlaps',
    text: `
      SELECT given.position - 1 AS position, stored.first, stored.last, stored.digest
        FROM unnest($1::int[], $2::uuid[], $3::int[], $4::bigint[], $5::bigint[]) WITH ORDINALITY
             AS given (project_id, producer, epoch, first, last, position)
       CROSS JOIN LATERAL (
             SELECT first, last, digest
               FROM batch
              WHERE (batch.project_id, batch.producer, batch.epoch) = (given.project_id, given.producer, given.epoch)
                AND batch.first <= given.last
              ORDER BY batch.first DESC
              LIMIT 1) AS stored
       WHERE stored.last >= given.first`,
    values: columns(ranges),
  })
  return rows.map((row) => ({ position: Number(row.position), first: Number(row.first), last: Number(row.last), digest: row.digest }))
}

export async function insertLedgerRows(connection: Connection, ranges: readonly LedgerRow[], receivedAt: Date): Promise<void> {
  await connection.query({
    name: 'insert-ledger-rows',
    text: `
      INSERT INTO batch (project_id, producer, epoch, first, last, digest, received_at)
      SELECT project_id, producer, epoch, first, last, digest, $7
        FROM unnest($1::int[], $2::uuid[], $3::int[], $4::bigint[], $5::bigint[], $6::bytea[])
             AS given (project_id, producer, epoch, first, last, digest)`,
    values: [...columns(ranges), ranges.map(({ digest }) => digest), receivedAt],
  })
}

function columns(ranges: readonly LedgerRange[]) {
  return [
    ranges.map(({ projectId }) => projectId),
    ranges.map(({ producer }) => producer),
    ranges.map(({ epoch }) => epoch),
    ranges.map(({ first }) => first),
    ranges.map(({ last }) => last),
  ]
}
