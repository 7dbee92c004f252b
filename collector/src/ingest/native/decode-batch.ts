import { isAscii, isUtf8 } from 'node:buffer'
import { ApiError, type RejectionCode } from '../../errors.js'
import { isClock, isSessionId, isSpanId } from '../ids.js'
import type { Rejected } from '../rejected.js'
import { decodeEvent, type DecodeContext } from './decode-event.js'
import { newEventSink, type EventSink } from './event-sink.js'
import { countExpectedLines, numberLines, readHeader, type BatchHeader } from './header.js'
import { PlainDecoder } from './decode-plain.js'
import { isObject, parseLine } from './parse-line.js'
import { newLineScan, scanLine } from './scan-line.js'

export interface DecodedBatch {
  header: BatchHeader
  sink: EventSink
  rejected: Rejected[]
  /** Event lines in the body. */
  lines: number
}

const NONE: ReadonlySet<number> = new Set()
const NEWLINE = 0x0a
/** What a row has more than its line, about. */
const ROW_HEAD_BYTES = 64

/**
 * A native batch to rows. One bad line never costs another: it is named in `rejected` under the number it owns.
 * `refused`: lines (from 1) that the database would not take. Null for an empty body.
 * Throws ApiError where the whole batch is at fault: header, version, sequence, count of lines.
 */
export function decodeBatch(body: Buffer, context: DecodeContext, refused: ReadonlySet<number> = NONE): DecodedBatch | null {
  const { limits } = context
  const end = trimEnd(body)
  if (end === 0) return null
  const reader = readLines(body)
  const header = readHeader(reader.text(0, reader.lineEnd(0)))
  const expected = countExpectedLines(header)
  if (expected > limits.maxEvents) throw new ApiError('too_many_events', { limit: limits.maxEvents })

  const sink = newEventSink(header.node.uuid, context.projectId, body.length + expected * ROW_HEAD_BYTES)
  const plain = refused.size === 0 && reader.valid ? new PlainDecoder(body, reader.text, sink, context) : null
  const rejected: Rejected[] = []
  const scan = newLineScan()
  const nextNumber = numberLines(header)
  let line = 1
  for (let start = reader.lineEnd(0) + 1; start < end || line <= expected; start = scan.end + 1) {
    line++
    if (start >= body.length) throw new ApiError('bad_sequence', { at: line })
    if (line > expected + 1) throw new ApiError(line > limits.maxEvents + 1 ? 'too_many_events' : 'bad_sequence', { at: line })
    const seq = nextNumber()
    const plainEnd = plain?.decode(start, seq) ?? -1
    if (plainEnd !== -1) {
      scan.end = plainEnd
      continue
    }
    scanLine(body, start, scan)
    const text = reader.text(start, scan.end)
    const parsed = parseLine(text, scan.end - start, scan, reader.isValid(start, scan.end), limits)
    let code: RejectionCode | null
    if (typeof parsed === 'string') code = parsed
    else {
      if (parsed.event['seq'] !== seq) throw new ApiError('bad_sequence', { at: line })
      code = refused.has(line) ? 'storage_rejected' : decodeEvent(parsed, seq, sink, context)
    }
    if (code !== null)
      rejected.push(describeRejected(code, line, seq, text, body.subarray(start, Math.min(scan.end, start + limits.maxSampleBytes))))
  }
  return { header, sink, rejected, lines: expected }
}

/** Pieces of the body. Each text is made anew: a slice of one long string would keep all of it alive as long as the flush takes. */
function readLines(body: Buffer) {
  const encoding = isAscii(body) ? 'latin1' : 'utf8'
  const valid = encoding === 'latin1' || isUtf8(body)
  return {
    valid,
    text: (start: number, end: number) => body.toString(encoding, start, end),
    isValid: (start: number, end: number) => valid || isUtf8(body.subarray(start, end)),
    lineEnd: (start: number) => {
      const newline = body.indexOf(NEWLINE, start)
      return newline === -1 ? body.length : newline
    },
  }
}

/** Where the body ends without its trailing line breaks and blanks. */
function trimEnd(body: Buffer): number {
  let end = body.length
  while (end > 0 && (body[end - 1] ?? 0) <= 0x20) end--
  return end
}

function describeRejected(code: RejectionCode, line: number, seq: number, text: string, raw: Buffer): Rejected {
  return { line, seq, code, raw, ...readIds(text) }
}

/** The ids of a line that is not stored, as far as they can be read: its number is then known to be absent in its hop. */
function readIds(text: string): Pick<Rejected, 'session' | 'span' | 'number'> {
  const nothing = { session: null, span: null, number: null }
  try {
    const event: unknown = JSON.parse(text)
    if (!isObject(event) || !isSessionId(event['session'])) return nothing
    if (!isSpanId(event['span']) || !isClock(event['clock'])) return { ...nothing, session: event['session'] }
    return { session: event['session'], span: event['span'], number: event['clock'].at(-1) ?? null }
  } catch {
    return nothing
  }
}
