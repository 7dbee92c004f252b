import { escapeLiteral } from 'pg'
import type { Connection } from '../connection.js'
import { errorCode } from '../errors.js'

/** A range of a producer's numbers that is stored, or shall be; bounds inclusive. */
export interface LedgerRange {
  projectId: number
  producer: string
  epoch: number
  first: number
  last: number
}

export interface LedgerRow extends LedgerRange {
  nodeId: number
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

/** Of claim_batches: a range is stored already. */
const STORED_ALREADY = 'GT001'
const UNIQUE_VIOLATION = '23505'

/** Whether a flush failed because something of it is stored already. */
export function isStoredAlready(error: unknown): boolean {
  const code = errorCode(error)
  return code === STORED_ALREADY || code === UNIQUE_VIOLATION
}

/** Claims the ranges for this transaction and notes that their producers live; fails where one is stored already. See the function. */
export function claimBatches(ranges: readonly LedgerRow[], receivedAt: Date): string {
  const given = ranges.map(({ projectId, nodeId, digest, producer, epoch, first, last }) => ({
    project_id: projectId,
    node_id: nodeId,
    digest: digest.toString('hex'),
    producer,
    epoch,
    first,
    last,
  }))
  return `SELECT claim_batches(${escapeLiteral(JSON.stringify(given))}, ${escapeLiteral(receivedAt.toISOString())})`
}

/** For each range the stored one that overlaps it, if any. */
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
    values: [
      ranges.map(({ projectId }) => projectId),
      ranges.map(({ producer }) => producer),
      ranges.map(({ epoch }) => epoch),
      ranges.map(({ first }) => first),
      ranges.map(({ last }) => last),
    ],
  })
  return rows.map((row) => ({ position: Number(row.position), first: Number(row.first), last: Number(row.last), digest: row.digest }))
}
