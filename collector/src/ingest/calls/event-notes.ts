import { BREAKER_STATES, type BreakerStateName, type Kind, type Status } from '@groundtrack/db'
import { readCallTarget, type CallTarget } from '../../breakers/breaker-id.js'
import type { JsonObject } from '../native/parse-line.js'

/** What the events of one node in one request say of calls and breakers; most requests say nothing. Times are microseconds, null where suspect. */
export interface EventNotes {
  calls: CallNote[]
  returns: ReturnNote[]
  turns: TurnNote[]
}

/** Where an event stands. `span` is a signed decimal, '0' outside any hop. */
export interface NotePlace {
  session: string
  span: string
  number: number | null
  micros: number | null
  seq: number | null
}

export interface CallNote {
  session: string
  call: string
  micros: number | null
  target: CallTarget
  name: string
  /** It went through a breaker of its node. */
  isGuarded: boolean
  /** Nobody answers it. */
  isOneway: boolean
}

export interface ReturnNote extends NotePlace {
  call: string
  status: Status
  reason: string
}

export interface TurnNote extends NotePlace {
  target: CallTarget
  from: BreakerStateName
  to: BreakerStateName
  failures: number
  reason: string
  retestMicros: number | null
}

/** What a note holds of memory beside its texts, about. */
const NOTE_BYTES = 300
const NAME_CHARACTERS = 200
const REASON_CHARACTERS = 500
const MAX_INTEGER = 2 ** 31 - 1
const LEAST_MS = Date.UTC(2000, 0, 1)
const GREATEST_MS = Date.UTC(9999, 0, 1)

/** Notes an event of these kinds; one that lacks what the kind is about says nothing. */
export function noteEvent(notes: EventNotes | null, kind: Kind, fields: JsonObject, place: NotePlace): EventNotes | null {
  if (kind === 'breaker') return noteTurn(notes, fields, place)
  const { call, status } = fields
  if (typeof call !== 'string') return notes
  const own = notes ?? newNotes()
  if (kind === 'call') own.calls.push(readCall(call, fields, place))
  else if (isStatus(status)) {
    const { session, span, number, micros, seq } = place
    own.returns.push({ session, span, number, micros, seq, call, status, reason: readText(fields['reason'], REASON_CHARACTERS) })
  }
  return own
}

export function countNoteBytes(notes: EventNotes | null): number {
  return notes === null ? 0 : (notes.calls.length + notes.returns.length + notes.turns.length) * NOTE_BYTES
}

/** A call as its event's fields tell of it. */
export function readCall(call: string, fields: JsonObject, { session, micros }: Pick<NotePlace, 'session' | 'micros'>): CallNote {
  return {
    session,
    call,
    micros,
    target: readCallTarget(fields['target']),
    name: readText(fields['name'], NAME_CHARACTERS),
    isGuarded: fields['breaker'] !== undefined,
    isOneway: fields['oneway'] === true,
  }
}

function noteTurn(notes: EventNotes | null, fields: JsonObject, place: NotePlace): EventNotes | null {
  const { from, to, failures, reason, retestAt } = fields
  if (!isState(from) || !isState(to)) return notes
  const own = notes ?? newNotes()
  const isTimeKnown = typeof retestAt === 'number' && retestAt >= LEAST_MS && retestAt < GREATEST_MS
  own.turns.push({
    ...place,
    target: readCallTarget(fields['target']),
    from,
    to,
    failures: typeof failures === 'number' ? Math.min(Math.max(0, Math.trunc(failures)), MAX_INTEGER) : 0,
    reason: readText(reason, REASON_CHARACTERS),
    retestMicros: isTimeKnown ? Math.round(retestAt * 1000) : null,
  })
  return own
}

function newNotes(): EventNotes {
  return { calls: [], returns: [], turns: [] }
}

function readText(value: unknown, maxCharacters: number): string {
  if (typeof value !== 'string') return ''
  return value.length <= maxCharacters ? value : value.slice(0, maxCharacters).toWellFormed()
}

function isStatus(value: unknown): value is Status {
  return value === 'ok' || value === 'error' || value === 'timeout' || value === 'cut'
}

function isState(value: unknown): value is BreakerStateName {
  return BREAKER_STATES.some((state) => state === value)
}
