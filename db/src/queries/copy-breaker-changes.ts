import type { FlushStamp } from './copy-events.js'
import { encodeCopyRow, formatMicros } from './copy-text.js'

/** One row of `breaker_change`: a turn of a breaker. */
export interface BreakerChangeRow {
  projectId: number
  nodeId: number
  /** 32 hex digits. */
  breakerId: string
  micros: number
  session: string
  /** Signed decimal. */
  span: string
  number: number | null
  /** Codes of codes.ts. */
  fromState: number
  toState: number
  failures: number
  reason: string
  retestMicros: number | null
}

export const COPY_BREAKER_CHANGES =
  'COPY breaker_change (received_at, flush_id, project_id, node_id, breaker_id, time, session_id, span, number, from_state, to_state, failures, reason, retest_at) FROM STDIN'

export function encodeBreakerChange(row: BreakerChangeRow, { received, flushId }: FlushStamp): string {
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
    row.fromState,
    row.toState,
    row.failures,
    row.reason,
    row.retestMicros === null ? null : formatMicros(row.retestMicros),
  ])
}
