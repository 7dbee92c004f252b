import { createHash } from 'node:crypto'
import { isUtf8 } from 'node:buffer'
import { ApiError, type RejectionCode } from '../../errors.js'
import { parseSessionId } from '../ids.js'
import { decodeEvent, type DecodeContext } from '../native/decode-event.js'
import { newEventSink, type EventSink } from '../native/event-sink.js'
import { parseLine, type JsonObject } from '../native/parse-line.js'
import { newLineScan, scanLine } from '../native/scan-line.js'
import { readName } from '../node-info.js'
import type { Rejected } from '../rejected.js'

export interface DecodedLines {
  /** By service: each is a node of its own. */
  sinks: Map<string, EventSink>
  rejected: Rejected[]
  /** Lines that hold something, from 1. */
  lines: number[]
}

const NONE: ReadonlySet<number> = new Set()
export const DEFAULT_SERVICE = 'curl'
/** Of a few lines. */
const EXPECTED_BYTES = 1024

/** Lines of `{"message","service"?,"level"?,"session"?,"attributes"?}` to rows. Blank lines are passed over. */
export function decodeLines(body: Buffer, context: DecodeContext, refused: ReadonlySet<number> = NONE): DecodedLines {
  const { limits } = context
  const decoded: DecodedLines = { sinks: new Map(), rejected: [], lines: [] }
  const scan = newLineScan()
  for (let start = 0, line = 1; start < body.length; start = scan.end + 1, line++) {
    scanLine(body, start, scan)
    const bytes = body.subarray(start, scan.end)
    const text = bytes.toString('utf8')
    if (text.trim() === '') continue
    if (decoded.lines.push(line) > limits.maxEvents) throw new ApiError('too_many_events', { limit: limits.maxEvents })
    const parsed = parseLine(text, bytes.length, scan, isUtf8(bytes), limits)
    const code =
      typeof parsed === 'string'
        ? parsed
        : refused.has(line)
          ? 'storage_rejected'
          : decodeSimple(parsed.event, parsed.flags, decoded.sinks, context)
    if (code === null) continue
    decoded.rejected.push({ line, seq: null, code, raw: bytes.subarray(0, limits.maxSampleBytes), session: null, span: null, number: null })
  }
  return decoded
}

function decodeSimple(event: JsonObject, flags: number, sinks: Map<string, EventSink>, context: DecodeContext): RejectionCode | null {
  const session = readSession(event['session'])
  if (session === undefined) return 'bad_session_id'
  const service = readName(event['service']) ?? DEFAULT_SERVICE
  const sink = sinks.get(service) ?? newEventSink(nodeUuidOf(service), context.projectId, EXPECTED_BYTES)
  sinks.set(service, sink)
  const { message, level, attributes } = event
  // Without a clock of its own the event happened when it arrived.
  return decodeEvent({ event: { message, level, attributes, session, time: context.receivedMs }, flags }, null, sink, context)
}

/** Null where there is none; undefined where it can't be read. */
function readSession(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? (parseSessionId(value) ?? undefined) : undefined
}

/** Senders of such lines have no node id: a service is one node, always the same. */
export function nodeUuidOf(service: string): string {
  const hex = createHash('sha256').update(`groundtrack events ${service}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
