import { encodeCopyRow, encodeIntegers, formatMicros } from './copy-text.js'
import type { FlushStamp } from './copy-events.js'

/** One row of `session_part`. Times are microseconds since the epoch. */
export interface SessionPartRow {
  session: string
  span: string
  projectId: number
  nodeId: number | null
  firstMicros: number
  lastMicros: number
  openedMicros: number | null
  closedMicros: number | null
  /** Signed decimal, as is callSpan. */
  parent: string | null
  callSpan: string | null
  events: number
  numbered: number
  errors: number
  firstNumber: number | null
  lastNumber: number | null
  closedNumber: number | null
  atLeast: number | null
  status: number | null
  path: readonly number[] | null
  name: string | null
  reason: string | null
  firstError: string | null
  /** JSON text. */
  properties: string | null
  /** JSON text. */
  detail: string | null
}

export const COPY_SESSION_PARTS =
  'COPY session_part (received_at, flush_id, project_id, session_id, span, node_id, first_time, last_time, opened_at, closed_at, parent, call_span, events, numbered, errors, first_number, last_number, closed_number, at_least, status, path, name, reason, first_error, properties, detail) FROM STDIN'

export function encodeSessionPart(part: SessionPartRow, { receivedMicros, flushId }: FlushStamp): string {
  return encodeCopyRow([
    formatMicros(receivedMicros),
    String(flushId),
    part.projectId,
    part.session,
    part.span,
    part.nodeId,
    formatMicros(part.firstMicros),
    formatMicros(part.lastMicros),
    part.openedMicros === null ? null : formatMicros(part.openedMicros),
    part.closedMicros === null ? null : formatMicros(part.closedMicros),
    part.parent,
    part.callSpan,
    part.events,
    part.numbered,
    part.errors,
    part.firstNumber,
    part.lastNumber,
    part.closedNumber,
    part.atLeast,
    part.status,
    part.path === null ? null : encodeIntegers(part.path),
    part.name,
    part.reason,
    part.firstError,
    part.properties,
    part.detail,
  ])
}
