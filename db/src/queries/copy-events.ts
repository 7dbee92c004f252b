import { COPY_NULL, encodeIntegers, escapeCopyText, formatMicros, TIMESTAMP_BYTES } from './copy-text.js'

/** One row of `event`, less what only its flush knows: received_at, flush_id, ordinal. */
export interface EventRow {
  /** Microseconds since the epoch; null where it was suspect: received_at stands in for it. */
  timeMicros: number | null
  session: string
  /** Signed decimal, as bigint. */
  span: string
  seq: number | null
  flags: number
  level: number
  kind: number
  clock: readonly number[] | null
  category: string
  message: string
  /** JSON text. */
  attributes: string | null
  /** JSON text. */
  detail: string | null
  /** No column holds a backslash, tab or line break, so nothing needs escaping. */
  plain: boolean
}

export const COPY_EVENTS =
  'COPY event (received_at, flush_id, ordinal, time, session_id, span, seq, project_id, node_id, flags, level, kind, clock, category, message, attributes, detail) FROM STDIN'

const FLUSH_DIGITS = 19
const ORDINAL_DIGITS = 8
const TIME_OFFSET = TIMESTAMP_BYTES + 1 + FLUSH_DIGITS + 1 + ORDINAL_DIGITS + 1
/** Room for what the flush writes into each row once it is known; integers may have leading zeros. */
const BLANK = `${' '.repeat(TIMESTAMP_BYTES)}\t${'0'.repeat(FLUSH_DIGITS)}\t${'0'.repeat(ORDINAL_DIGITS)}\t`
const SUSPECT = '?'.repeat(TIMESTAMP_BYTES)
const QUESTION_MARK = 0x3f
const NEWLINE = 0x0a
const ZERO = 0x30

/** Encodes rows ahead of the flush they will go with, so that they wait as bytes and not as objects. `stampEvents` completes them. */
export function encodeEvents(rows: readonly EventRow[], projectId: number, nodeId: number): Buffer {
  const owner = `\t${projectId}\t${nodeId}\t`
  let text = ''
  for (const row of rows) text += encodeEvent(row, owner)
  return Buffer.from(text, 'utf8')
}

function encodeEvent(row: EventRow, owner: string): string {
  const escape = row.plain ? keep : escapeCopyText
  const time = row.timeMicros === null ? SUSPECT : formatMicros(row.timeMicros)
  const clock = row.clock === null ? COPY_NULL : encodeIntegers(row.clock)
  const attributes = row.attributes === null ? COPY_NULL : escape(row.attributes)
  const detail = row.detail === null ? COPY_NULL : escape(row.detail)
  const head = `${BLANK}${time}\t${row.session}\t${row.span}\t${row.seq ?? COPY_NULL}${owner}${row.flags}\t${row.level}\t${row.kind}\t${clock}\t`
  return `${head}${escape(row.category)}\t${escape(row.message)}\t${attributes}\t${detail}\n`
}

function keep(text: string): string {
  return text
}

export interface FlushStamp {
  receivedMicros: number
  /** The same as COPY writes it, formatted once a flush. */
  received: string
  flushId: bigint
}

export function makeStamp(receivedMicros: number, flushId: bigint): FlushStamp {
  return { receivedMicros, received: formatMicros(receivedMicros), flushId }
}

/** A copy of encoded rows with received_at, flush_id and ordinals from `firstOrdinal` on written in. */
export function stampEvents(encoded: Buffer, { received, flushId }: FlushStamp, firstOrdinal: number): Buffer {
  const rows = Buffer.from(encoded)
  const receivedBytes = Buffer.from(received, 'latin1')
  const head = Buffer.concat([receivedBytes, Buffer.from(`\t${String(flushId).padStart(FLUSH_DIGITS, '0')}\t`, 'latin1')])
  let ordinal = firstOrdinal
  for (let start = 0; start < rows.length; start = rows.indexOf(NEWLINE, start) + 1) {
    rows.set(head, start)
    let rest = ordinal++
    for (let i = start + TIME_OFFSET - 2; rest > 0; i--) {
      const digit = rest % 10
      rows[i] = ZERO + digit
      rest = (rest - digit) / 10
    }
    if (rows[start + TIME_OFFSET] === QUESTION_MARK) rows.set(receivedBytes, start + TIME_OFFSET)
  }
  return rows
}
