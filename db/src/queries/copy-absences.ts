import type { FlushStamp } from './copy-events.js'
import { encodeCopyRow } from './copy-text.js'

/** One row of `absence`: numbers that will never be stored. Bounds inclusive. */
export interface AbsenceRow {
  projectId: number
  nodeId: number
  producer: string
  epoch: number
  first: number
  last: number
  session: string | null
  /** Signed decimal. */
  span: string | null
  fromNumber: number | null
  toNumber: number | null
  count: number
  state: 'dropped' | 'rejected'
  reason: string
}

export const COPY_ABSENCES =
  'COPY absence (received_at, flush_id, project_id, node_id, producer, epoch, first, last, session_id, span, from_number, to_number, count, state, reason) FROM STDIN'

export function encodeAbsence(row: AbsenceRow, { received, flushId }: FlushStamp): string {
  return encodeCopyRow([
    received,
    String(flushId),
    row.projectId,
    row.nodeId,
    row.producer,
    row.epoch,
    row.first,
    row.last,
    row.session,
    row.span,
    row.fromNumber,
    row.toNumber,
    row.count,
    row.state,
    row.reason,
  ])
}
