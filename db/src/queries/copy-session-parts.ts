import type { BinaryRows } from './copy-binary.js'
import type { FlushStamp } from './copy-events.js'

/** One row of `session_part`. Times are microseconds since the epoch; ids are hex digits. */
export interface SessionPartRow {
  session: string
  span: string
  projectId: number
  nodeId: number | null
  firstMicros: number
  lastMicros: number
  openedMicros: number | null
  closedMicros: number | null
  parent: string | null
  callSpan: string | null
  events: number
  numbered: number
  errors: number
  firstNumber: number | null
  lastNumber: number | null
  closedNumber: number | null
  atLeast: number | null
  unanswered: number | null
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

const COLUMNS = 27
/** Binary: its five times and many integers cost PostgreSQL a third less than as text (9 instead of 13 µs a part). */
export const COPY_SESSION_PARTS =
  'COPY session_part (received_at, flush_id, project_id, session_id, span, node_id, first_time, last_time, opened_at, closed_at, parent, call_span, events, numbered, errors, first_number, last_number, closed_number, at_least, unanswered, status, path, name, reason, first_error, properties, detail) FROM STDIN (FORMAT binary)'

export function encodeSessionPart(rows: BinaryRows, part: SessionPartRow, { receivedMicros, flushId }: FlushStamp): void {
  rows.row(COLUMNS)
  rows.timestamp(receivedMicros)
  rows.bigint(flushId)
  rows.integer(part.projectId)
  rows.hex(part.session)
  rows.hex(part.span)
  rows.integer(part.nodeId)
  rows.timestamp(part.firstMicros)
  rows.timestamp(part.lastMicros)
  rows.timestamp(part.openedMicros)
  rows.timestamp(part.closedMicros)
  rows.hex(part.parent)
  rows.hex(part.callSpan)
  rows.integer(part.events)
  rows.integer(part.numbered)
  rows.integer(part.errors)
  rows.integer(part.firstNumber)
  rows.integer(part.lastNumber)
  rows.integer(part.closedNumber)
  rows.integer(part.atLeast)
  rows.integer(part.unanswered)
  rows.smallint(part.status)
  rows.integers(part.path)
  rows.text(part.name)
  rows.text(part.reason)
  rows.text(part.firstError)
  rows.jsonb(part.properties)
  rows.jsonb(part.detail)
}
