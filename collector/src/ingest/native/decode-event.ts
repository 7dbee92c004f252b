import { FLAG, KIND_CODE, LEVEL_CODE, type Kind } from '@groundtrack/db'
import type { RejectionCode } from '../../errors.js'
import { noteEvent } from '../calls/event-notes.js'
import { addError, addEvent, ERROR_LEVEL, type HopPart } from '../hop-part.js'
import { isClock } from '../ids.js'
import type { IngestLimits } from '../limits.js'
import { addKind } from './add-kind.js'
import { countEvent, findHop, type EventSink } from './event-sink.js'
import { readKindFields } from './kind-fields.js'
import { isObject, type JsonObject, type ParsedLine } from './parse-line.js'

const LEVEL_CODES: ReadonlyMap<unknown, number> = new Map(Object.entries(LEVEL_CODE))
const KINDS: ReadonlyMap<unknown, Kind> = new Map(Object.keys(KIND_CODE).map((kind) => [kind, kind as Kind]))

const OLDEST_MS = Date.UTC(2000, 0, 1)
const MAX_AHEAD_MS = 86_400_000

export interface DecodeContext {
  projectId: number
  receivedMs: number
  /** Events of before are flagged `old`. */
  retentionMs: number
  limits: IngestLimits
}

/** Adds one event to the sink as row, hop part and count; or says why it is rejected. Pure but for the sink. */
export function decodeEvent(
  { event, flags: mended }: ParsedLine,
  seq: number | null,
  sink: EventSink,
  context: DecodeContext,
): RejectionCode | null {
  const hop = readHop(event, sink)
  if (hop === 'bad_session_id') return hop
  const clock = (event['clock'] ?? null) as number[] | null
  const originals: JsonObject = {}
  let flags = mended
  if (hop === null) flags |= FLAG.process
  if (event['sanitised'] === true) flags |= FLAG.sanitised

  const timeMicros = readTime(event['time'], context, originals)
  if (timeMicros === null) flags |= FLAG.clockSuspect
  else if (timeMicros < (context.receivedMs - context.retentionMs) * 1000) flags |= FLAG.old

  let level = LEVEL_CODE.info
  if (event['level'] !== undefined && event['level'] !== null) {
    const known = LEVEL_CODES.get(event['level'])
    if (known === undefined) {
      flags |= FLAG.levelUnknown
      originals['level'] = event['level']
    } else level = known
  }

  const kind = readKind(event['kind'], originals)
  const category = readText(event, 'category', originals)
  const message = readText(event, 'message', originals)
  const fields = kind === 'log' ? null : readKindFields(kind, event, originals)
  const attributes = readAttributes(event['attributes'], context.limits, originals)
  if (attributes !== event['attributes'] && attributes !== null) flags |= FLAG.attributesTruncated

  let detail = fields
  if (Object.keys(originals).length > 0) {
    detail = { ...fields, original: originals }
    if (isMended(originals)) flags |= FLAG.sanitised
  }
  sink.rows.add({
    timeMicros,
    session: hop === null ? sink.nodeUuid : hop.session,
    span: hop === null ? '0' : hop.span,
    seq,
    flags,
    level,
    kind: KIND_CODE[kind],
    clock,
    category,
    message,
    attributes: attributes === null ? null : JSON.stringify(attributes),
    detail: detail === null ? null : JSON.stringify(detail),
  })
  countEvent(sink, timeMicros, level)
  if (hop !== null) {
    const number = clock?.[clock.length - 1] ?? null
    addEvent(hop, timeMicros, number)
    if (clock !== null) hop.path ??= clock.slice(0, -1)
    if (level >= ERROR_LEVEL) addError(hop, message)
    if (fields !== null) addKind(hop, kind, fields, { seq, micros: timeMicros, number }, sink)
  } else if (kind === 'breaker' && fields !== null) {
    sink.notes = noteEvent(sink.notes, kind, fields, { session: sink.nodeUuid, span: '0', seq, micros: timeMicros, number: null })
  }
  return null
}

/** The hop the event belongs to; null for an event of the process itself. */
function readHop(event: JsonObject, sink: EventSink): HopPart | null | 'bad_session_id' {
  const { session, span, clock } = event
  if (session === undefined || session === null) {
    return (span === undefined || span === null) && (clock === undefined || clock === null) ? null : 'bad_session_id'
  }
  const hasClock = clock !== undefined && clock !== null
  if (hasClock && !isClock(clock)) return 'bad_session_id'
  if ((span === undefined || span === null) && hasClock) return 'bad_session_id'
  return findHop(sink, session, span ?? '') ?? 'bad_session_id'
}

/** Whether a clock can have said so: not before 2000, and at most a day ahead of ours. */
export function isTimeSane(timeMs: number, receivedMs: number): boolean {
  return timeMs >= OLDEST_MS && timeMs <= receivedMs + MAX_AHEAD_MS
}

/** Microseconds, or null where the clock can't be right: no number, before 2000, or more than a day ahead. */
function readTime(time: unknown, { receivedMs }: DecodeContext, originals: JsonObject): number | null {
  if (typeof time === 'number' && isTimeSane(time, receivedMs)) return Math.round(time * 1000)
  if (time !== undefined && time !== null) originals['time'] = typeof time === 'string' ? time : JSON.stringify(time)
  return null
}

function readKind(kind: unknown, originals: JsonObject): Kind {
  if (kind === undefined || kind === null) return 'log'
  const known = KINDS.get(kind)
  if (known === undefined) originals['kind'] = kind
  return known ?? 'log'
}

/** A string field; of anything else its JSON text. */
function readText(event: JsonObject, field: 'category' | 'message', originals: JsonObject): string {
  const value = event[field]
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  originals[field] = value
  return JSON.stringify(value)
}

/** The attributes as they came, or, where they are too many or their keys too long, the rest with a count of those left out. */
function readAttributes(attributes: unknown, limits: IngestLimits, originals: JsonObject): JsonObject | null {
  if (attributes === undefined || attributes === null) return null
  if (!isObject(attributes)) {
    originals['attributes'] = attributes
    return null
  }
  let keys = 0
  let fits = true
  for (const key in attributes) {
    keys++
    if (!isShort(key, limits.maxAttributeKeyBytes)) fits = false
  }
  if (keys === 0) return null
  if (fits && keys <= limits.maxAttributes) return attributes
  const entries = Object.entries(attributes)
  const kept = entries.filter(([key]) => isShort(key, limits.maxAttributeKeyBytes)).slice(0, limits.maxAttributes)
  return Object.fromEntries([...kept, ['_overflow', entries.length - kept.length]])
}

function isShort(key: string, maxBytes: number): boolean {
  return key.length * 3 <= maxBytes || Buffer.byteLength(key) <= maxBytes
}

/** Time and level have flags of their own. */
function isMended(originals: JsonObject): boolean {
  for (const key in originals) if (key !== 'time' && key !== 'level') return true
  return false
}
