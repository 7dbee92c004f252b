import type { FlushStamp } from './copy-events.js'
import { encodeCopyRow, formatMicros } from './copy-text.js'

/** One row of `call_failure`: a call that ended with error, at its deadline, or was not sent. */
export interface CallFailureRow {
  projectId: number
  nodeId: number
  /** 32 hex digits; null where no target is known. */
  breakerId: string | null
  micros: number
  session: string
  /** Signed decimal. */
  span: string
  number: number | null
  durationMs: number | null
  /** Code of codes.ts. */
  status: number
  name: string
  reason: string
}

export const COPY_CALL_FAILURES =
  'COPY call_failure (received_at, flush_id, project_id, node_id, breaker_id, time, session_id, span, number, duration_ms, status, name, reason) FROM STDIN'

export function encodeCallFailure(row: CallFailureRow, { received, flushId }: FlushStamp): string {
  return encodeCopyRow([
    received,
    String(flushId),
    row.projectId,
    row.nodeId,
    row.breakerId,
    formatMicros(row.micros),
    row.session,
    row.span,
    row.number,
    row.durationMs,
    row.status,
    row.name,
    row.reason,
  ])
}
