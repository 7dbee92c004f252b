import type { Connection } from '../connection.js'

export interface FlushRow {
  writerId: number
  flushNo: number
  events: number
  receivedAt: Date
}

/** flush_id as the other tables hold it. */
export function flushIdOf(writerId: number, flushNo: number): bigint {
  return (BigInt(writerId) << 32n) + BigInt(flushNo)
}

/** One row per committed flush, in the flush's own transaction. */
export async function insertFlush(connection: Connection, flush: FlushRow): Promise<void> {
  await connection.query({
    name: 'insert-flush',
    text: 'INSERT INTO flush (received_at, writer_id, flush_no, events) VALUES ($1, $2, $3, $4)',
    values: [flush.receivedAt, flush.writerId, flush.flushNo, flush.events],
  })
}
