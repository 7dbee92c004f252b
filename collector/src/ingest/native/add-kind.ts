import { STATUS_CODE, type Kind, type Status } from '@groundtrack/db'
import { noteEvent } from '../calls/event-notes.js'
import { assignPlain, greatest, type HopPart } from '../hop-part.js'
import { findHop, type EventSink } from './event-sink.js'
import { isObject, type JsonObject } from './parse-line.js'

const STATUSES: ReadonlyMap<unknown, number> = new Map(Object.entries(STATUS_CODE) as [Status, number][])
const PART_CHARACTERS = 1000

/** What an event of this kind says of its hop beside being one of its events. */
export function addKind(
  hop: HopPart,
  kind: Kind,
  fields: JsonObject,
  { seq, micros, number }: { seq: number | null; micros: number | null; number: number | null },
  sink: EventSink,
): void {
  if (kind === 'call' && fields['oneway'] !== true) hop.unanswered++
  if (kind === 'return') hop.unanswered--
  if (kind === 'open') {
    hop.opened = { micros }
    hop.name = text(fields['name'])
    hop.parent = text(fields['parent'])
    hop.callSpan = text(fields['call'])
    if (isObject(fields['properties'])) hop.properties = assignPlain(hop.properties, fields['properties'])
    const { remainingMs, derived } = fields
    if (remainingMs !== undefined || derived !== undefined)
      hop.detail = { ...(remainingMs !== undefined && { remainingMs }), ...(derived !== undefined && { derived }) }
  } else if (kind === 'close') {
    hop.closed = { micros, number, status: STATUSES.get(fields['status']) ?? null, reason: text(fields['reason']) }
  } else if (kind === 'set') {
    if (typeof fields['key'] === 'string')
      hop.properties = assignPlain(hop.properties, Object.fromEntries([[fields['key'], fields['value'] ?? null]]))
  } else {
    sink.notes = noteEvent(sink.notes, kind, fields, { session: hop.session, span: hop.span, seq, micros, number })
    if (kind === 'return' && isObject(fields['callee'])) addCallee(fields['callee'], hop.session, micros, sink)
  }
}

function addCallee({ span, last }: JsonObject, session: string, micros: number | null, sink: EventSink): void {
  const callee = findHop(sink, session, span, null)
  if (callee === undefined) return
  callee.atLeast = greatest(callee.atLeast, Number(last))
  callee.namedMicros ??= micros
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? (value.length <= PART_CHARACTERS ? value : value.slice(0, PART_CHARACTERS).toWellFormed()) : null
}
