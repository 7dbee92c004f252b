import { escapeLiteral } from 'pg'

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
export function insertFlush({ writerId, flushNo, events, receivedAt }: FlushRow): string {
  const values = [escapeLiteral(receivedAt.toISOString()), writerId, flushNo, events]
  return `INSERT INTO flush (received_at, writer_id, flush_no, events) VALUES (${values.join(', ')})`
}
