import {
  COPY_NULL,
  encodeIntegers,
  escapeCopyText,
  formatMicros,
  TIMESTAMP_BYTES,
  writeAscii,
  writeDigits,
  writeInteger,
  writeMicros,
  writeSlice,
} from './copy-text.js'

/** One row of `event`, less what only its flush knows: received_at, flush_id, ordinal, node_id. */
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
}

/** Bytes of a line, end exclusive. */
export interface Slice {
  start: number
  end: number
}

/** A row whose texts are taken as they stand in the line they came in. They hold no backslash and no control character. */
export interface SlicedEventRow extends Pick<EventRow, 'span' | 'flags' | 'level' | 'kind' | 'detail'> {
  timeMicros: number
  seq: number
  session: Slice
  /** Integers with commas between. */
  clock: Slice
  category: Slice
  message: Slice
  /** JSON text; null where empty. */
  attributes: Slice
}

export const COPY_EVENTS =
  'COPY event (received_at, flush_id, ordinal, node_id, time, session_id, span, seq, project_id, flags, level, kind, clock, category, message, attributes, detail) FROM STDIN'

const FLUSH_DIGITS = 19
const ORDINAL_DIGITS = 8
const NODE_DIGITS = 10
/** What the flush writes into each row once it is known; integers may have leading zeros. */
const ORDINAL_OFFSET = TIMESTAMP_BYTES + 1 + FLUSH_DIGITS + 1
const NODE_OFFSET = ORDINAL_OFFSET + ORDINAL_DIGITS + 1
const TIME_OFFSET = NODE_OFFSET + NODE_DIGITS + 1
const SUSPECT = '?'.repeat(TIMESTAMP_BYTES)
/** Most that a row takes beside the bytes of its line and of `detail`. */
const MAX_HEAD_BYTES = TIME_OFFSET + 200

const TAB = 0x09
const NEWLINE = 0x0a
const QUESTION_MARK = 0x3f
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** Rows encoded ahead of the flush they will go with, so that they wait as bytes and not as objects. `stampEvents` completes them. */
export class EventRows {
  readonly #project: string
  #buffer: Buffer
  #length = 0
  #count = 0

  /** `expectedBytes`: a good guess spares copying. */
  constructor(projectId: number, expectedBytes: number) {
    this.#project = `\t${projectId}\t`
    this.#buffer = Buffer.allocUnsafeSlow(expectedBytes)
  }

  get count(): number {
    return this.#count
  }

  /** What they hold of memory, in bytes. */
  get capacity(): number {
    return this.#buffer.length
  }

  toBytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  add(row: EventRow): void {
    const time = row.timeMicros === null ? SUSPECT : formatMicros(row.timeMicros)
    const clock = row.clock === null ? COPY_NULL : encodeIntegers(row.clock)
    const attributes = row.attributes === null ? COPY_NULL : escapeCopyText(row.attributes)
    const detail = row.detail === null ? COPY_NULL : escapeCopyText(row.detail)
    const text =
      `${time}\t${row.session}\t${row.span}\t${row.seq ?? COPY_NULL}${this.#project}${row.flags}\t${row.level}\t${row.kind}\t${clock}\t` +
      `${escapeCopyText(row.category)}\t${escapeCopyText(row.message)}\t${attributes}\t${detail}\n`
    this.#reserve(TIME_OFFSET + text.length * 3)
    this.#length += TIME_OFFSET
    this.#length += this.#buffer.write(text, this.#length, 'utf8')
    this.#count++
  }

  /** A third of the time of `add`, and no garbage. `lineBytes`: at least as long as all slices together. */
  addSliced(row: SlicedEventRow, source: Uint8Array, lineBytes: number): void {
    this.#reserve(MAX_HEAD_BYTES + lineBytes + (row.detail === null ? 0 : row.detail.length * 6))
    const to = this.#buffer
    let at = writeMicros(to, this.#length + TIME_OFFSET, row.timeMicros)
    to[at++] = TAB
    at = writeSlice(to, at, source, row.session)
    to[at++] = TAB
    at = writeAscii(to, at, row.span)
    to[at++] = TAB
    at = writeInteger(to, at, row.seq)
    at = writeAscii(to, at, this.#project)
    at = writeInteger(to, at, row.flags)
    to[at++] = TAB
    at = writeInteger(to, at, row.level)
    to[at++] = TAB
    at = writeInteger(to, at, row.kind)
    to[at++] = TAB
    to[at++] = OPEN_BRACE
    at = writeSlice(to, at, source, row.clock)
    to[at++] = CLOSE_BRACE
    to[at++] = TAB
    at = writeSlice(to, at, source, row.category)
    to[at++] = TAB
    at = writeSlice(to, at, source, row.message)
    to[at++] = TAB
    at = row.attributes.end > row.attributes.start ? writeSlice(to, at, source, row.attributes) : writeAscii(to, at, COPY_NULL)
    to[at++] = TAB
    at = row.detail === null ? writeAscii(to, at, COPY_NULL) : at + to.write(escapeCopyText(row.detail), at, 'utf8')
    to[at++] = NEWLINE
    this.#length = at
    this.#count++
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2))
    larger.set(this.toBytes())
    this.#buffer = larger
  }
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

/** A copy of encoded rows with received_at, flush_id, their node and ordinals from `firstOrdinal` on written in. */
export function stampEvents(encoded: Buffer, { received, flushId }: FlushStamp, firstOrdinal: number, nodeId: number): Buffer {
  const rows = Buffer.from(encoded)
  const flush = String(flushId).padStart(FLUSH_DIGITS, '0')
  const head = Buffer.from(`${received}\t${flush}\t${'0'.repeat(ORDINAL_DIGITS)}\t${String(nodeId).padStart(NODE_DIGITS, '0')}\t`, 'latin1')
  const receivedBytes = head.subarray(0, TIMESTAMP_BYTES)
  let ordinal = firstOrdinal
  for (let start = 0; start < rows.length; start = rows.indexOf(NEWLINE, start + TIME_OFFSET) + 1) {
    rows.set(head, start)
    writeDigits(rows, start + ORDINAL_OFFSET, ordinal++, ORDINAL_DIGITS)
    if (rows[start + TIME_OFFSET] === QUESTION_MARK) rows.set(receivedBytes, start + TIME_OFFSET)
  }
  return rows
}
