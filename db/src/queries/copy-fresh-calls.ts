import type { FlushStamp } from './copy-events.js'
import { encodeCopyRow, encodeIntegers, formatMicros } from './copy-text.js'

/** One row of `call_fresh`: calls of one node to one target that began in one minute. */
export interface FreshCallsRow {
  projectId: number
  nodeId: number
  minuteMicros: number
  calleeService: string | null
  calleeNode: string | null
  calleeAddress: string | null
  calls: number
  ended: number
  errors: number
  timeouts: number
  cuts: number
  unpaired: number
  /** Sum of those that are known. */
  durationMs: number
  /** Pairs of bucket and count. */
  durations: readonly number[]
}

export const COPY_FRESH_CALLS =
  'COPY call_fresh (received_at, project_id, node_id, minute, callee_service, callee_node, callee_address, calls, ended, errors, timeouts, cuts, unpaired, duration_ms, durations) FROM STDIN'

export function encodeFreshCalls(row: FreshCallsRow, { received }: FlushStamp): string {
  return encodeCopyRow([
    received,
    row.projectId,
    row.nodeId,
    formatMicros(row.minuteMicros),
    row.calleeService,
    row.calleeNode,
    row.calleeAddress,
    row.calls,
    row.ended,
    row.errors,
    row.timeouts,
    row.cuts,
    row.unpaired,
    row.durationMs,
    encodeIntegers(row.durations),
  ])
}
