/** What a batch or flush learned of one hop: becomes a row of session_part. Times are microseconds; null stands for received_at. */
export interface HopPart {
  session: string
  /** 16 hex digits; '' for events of a session outside any hop. */
  spanHex: string
  /** Signed decimal. */
  span: string
  /** Whether events of it came; else only a return edge names it. */
  own: boolean
  firstMicros: number | null
  lastMicros: number | null
  opened: { micros: number | null } | null
  closed: { micros: number | null; number: number | null; status: number | null; reason: string | null } | null
  parent: string | null
  callSpan: string | null
  events: number
  numbered: number
  errors: number
  firstNumber: number | null
  lastNumber: number | null
  atLeast: number | null
  /** Calls that want an answer, less returns. */
  unanswered: number
  /** When a return edge named the hop: its times, as long as no event of it came. */
  namedMicros: number | null
  path: readonly number[] | null
  name: string | null
  firstError: string | null
  properties: Record<string, unknown> | null
  detail: Record<string, unknown> | null
}

export function newHopPart(session: string, spanHex: string, span: string): HopPart {
  return {
    session,
    spanHex,
    span,
    own: false,
    firstMicros: null,
    lastMicros: null,
    opened: null,
    closed: null,
    parent: null,
    callSpan: null,
    events: 0,
    numbered: 0,
    errors: 0,
    firstNumber: null,
    lastNumber: null,
    atLeast: null,
    unanswered: 0,
    namedMicros: null,
    path: null,
    name: null,
    firstError: null,
    properties: null,
    detail: null,
  }
}

const FIRST_ERROR_CHARACTERS = 200
export const ERROR_LEVEL = 17

/** Counts one event of any kind into its hop. `number`: the last of its clock; null where it has none. */
export function addEvent(part: HopPart, micros: number | null, number: number | null): void {
  part.events++
  if (micros !== null) {
    if (part.firstMicros === null || micros < part.firstMicros) part.firstMicros = micros
    if (part.lastMicros === null || micros > part.lastMicros) part.lastMicros = micros
  }
  if (number === null) return
  part.numbered++
  if (part.firstNumber === null || number < part.firstNumber) part.firstNumber = number
  if (part.lastNumber === null || number > part.lastNumber) part.lastNumber = number
}

/** Counts an event of level error or above. */
export function addError(part: HopPart, message: string): void {
  part.errors++
  part.firstError ??= truncate(message)
}

/** Adds what another batch of the same flush learned of the same hop; `other` came later. */
export function mergeHopPart(part: HopPart, other: HopPart): void {
  part.own ||= other.own
  part.firstMicros = least(part.firstMicros, other.firstMicros)
  part.lastMicros = greatest(part.lastMicros, other.lastMicros)
  part.opened ??= other.opened
  part.closed = other.closed ?? part.closed
  part.parent ??= other.parent
  part.callSpan ??= other.callSpan
  part.events += other.events
  part.numbered += other.numbered
  part.errors += other.errors
  part.firstNumber = least(part.firstNumber, other.firstNumber)
  part.lastNumber = greatest(part.lastNumber, other.lastNumber)
  part.atLeast = greatest(part.atLeast, other.atLeast)
  part.unanswered += other.unanswered
  part.namedMicros ??= other.namedMicros
  part.path ??= other.path
  part.name ??= other.name
  part.firstError ??= other.firstError
  part.properties = other.properties ? assignPlain(part.properties, other.properties) : part.properties
  part.detail ??= other.detail
}

/** Both objects' entries in a new one, the second's winning; keys such as __proto__ stay plain data. */
export function assignPlain(first: Record<string, unknown> | null, second: Record<string, unknown>): Record<string, unknown> {
  return first ? Object.fromEntries([...Object.entries(first), ...Object.entries(second)]) : second
}

export function greatest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b)
}

function least(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b)
}

function truncate(message: string): string {
  return message.length <= FIRST_ERROR_CHARACTERS ? message : message.slice(0, FIRST_ERROR_CHARACTERS).toWellFormed()
}
