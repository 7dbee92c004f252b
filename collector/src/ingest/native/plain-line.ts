import type { Slice } from '@groundtrack/db'
import { MAX_CLOCK_LENGTH, MAX_CLOCK_NUMBER } from '../ids.js'
import { bytesOf, endOfDigits, endOfInteger, endOfScalar, endOfString, integerAt, isSameText, isTextAt, NOT_PLAIN } from './json-bytes.js'

/**
 * Where the fields of a plain line stand in its bytes; an empty slice where there is none. Plain is what an SDK writes nearly
 * always: an object without blanks, no escape in its strings, no key twice, numbers of at most 15 digits, `clock` an array of
 * integers and `attributes` a flat object. Such a line becomes a row without becoming objects first; any other takes the way of
 * `parseLine`, and both ways make the same of it.
 */
export interface PlainLine {
  /** Offset of the newline, or of the body's end. */
  end: number
  seq: number
  timeMicros: number
  session: Slice
  span: Slice
  /** Between the brackets. */
  clock: Slice
  /** The first `clockLength` are of this line. */
  clockNumbers: number[]
  clockLength: number
  level: Slice
  kind: Slice
  category: Slice
  message: Slice
  /** With its braces. */
  attributes: Slice
  /** Keys of other fields, without quotes, and their values as JSON; the first `extraCount` are of this line. */
  extras: { key: Slice; value: Slice }[]
  extraCount: number
}

const FIELDS = ['seq', 'session', 'span', 'clock', 'time', 'level', 'kind', 'category', 'message', 'attributes'] as const
type Field = (typeof FIELDS)[number]
/** All that a plain line must have. */
const REQUIRED = bitsOf('seq', 'session', 'span', 'clock', 'time')

const QUOTE = 0x22
const COMMA = 0x2c
const DOT = 0x2e
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const NEWLINE = 0x0a

const MAX_FRACTION_DIGITS = 3
/** Keys of one object are compared pairwise. */
const MAX_KEYS = 16
const MAX_KEY_BYTES = 42

export function newPlainLine(): PlainLine {
  return {
    end: 0,
    seq: 0,
    timeMicros: 0,
    session: newSlice(),
    span: newSlice(),
    clock: newSlice(),
    clockNumbers: [],
    clockLength: 0,
    level: newSlice(),
    kind: newSlice(),
    category: newSlice(),
    message: newSlice(),
    attributes: newSlice(),
    extras: [],
    extraCount: 0,
  }
}

function newSlice(): Slice {
  return { start: 0, end: 0 }
}

function bitsOf(...fields: Field[]): number {
  return fields.reduce((bits, field) => bits | (1 << FIELDS.indexOf(field)), 0)
}

/** Reads the line that begins at `start`, of bytes that are UTF-8. False where it isn't plain; `line` then means nothing. */
export function readPlainLine(bytes: Uint8Array, start: number, line: PlainLine): boolean {
  clear(line)
  let seen = 0
  let at = start
  if (bytes[at] !== OPEN_BRACE) return false
  do {
    const key = at + 2
    const keyEnd = bytes[at + 1] === QUOTE ? endOfString(bytes, key) : NOT_PLAIN
    if (keyEnd === NOT_PLAIN || bytes[keyEnd + 1] !== COLON) return false
    const field = findField(bytes, key, keyEnd)
    if (field === NO_FIELD) at = readExtra(bytes, key, keyEnd, line)
    else {
      const bit = 1 << field
      if ((seen & bit) !== 0) return false
      seen |= bit
      at = readField(bytes, keyEnd + 2, field, line)
    }
    if (at === NOT_PLAIN) return false
  } while (bytes[at] === COMMA)
  line.end = at + 1
  return bytes[at] === CLOSE_BRACE && (line.end === bytes.length || bytes[line.end] === NEWLINE) && (seen & REQUIRED) === REQUIRED
}

function clear(line: PlainLine): void {
  line.level.start = line.level.end = 0
  line.kind.start = line.kind.end = 0
  line.category.start = line.category.end = 0
  line.message.start = line.message.end = 0
  line.attributes.start = line.attributes.end = 0
  line.extraCount = 0
}

const NO_FIELD = -1
/** Fields by length and first letter of their names, which tell all of them apart. */
const BY_SHAPE = new Int8Array(16 * 32).fill(NO_FIELD)
const NAMES = FIELDS.map(bytesOf)
FIELDS.forEach((name, field) => (BY_SHAPE[name.length * 32 + (name.charCodeAt(0) & 31)] = field))

function findField(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  const field = length < 16 ? (BY_SHAPE[length * 32 + ((bytes[start] ?? 0) & 31)] ?? NO_FIELD) : NO_FIELD
  const name = NAMES[field]
  return name !== undefined && isTextAt(bytes, start, end, name) ? field : NO_FIELD
}

/** As each `read…`: answers the offset behind what it read, or NOT_PLAIN. */
function readField(bytes: Uint8Array, at: number, field: number, line: PlainLine): number {
  switch (FIELDS[field]) {
    case 'seq':
      return readSeq(bytes, at, line)
    case 'time':
      return readTime(bytes, at, line)
    case 'clock':
      return readClock(bytes, at, line)
    case 'session':
      return readString(bytes, at, line.session)
    case 'span':
      return readString(bytes, at, line.span)
    case 'level':
      return readString(bytes, at, line.level)
    case 'kind':
      return readString(bytes, at, line.kind)
    case 'category':
      return readString(bytes, at, line.category)
    case 'message':
      return readString(bytes, at, line.message)
    case 'attributes':
      return readAttributes(bytes, at, line.attributes)
    default:
      return NOT_PLAIN
  }
}

function readString(bytes: Uint8Array, at: number, into: Slice): number {
  if (bytes[at] !== QUOTE) return NOT_PLAIN
  const end = endOfString(bytes, at + 1)
  if (end === NOT_PLAIN) return NOT_PLAIN
  into.start = at + 1
  into.end = end
  return end + 1
}

function readSeq(bytes: Uint8Array, at: number, line: PlainLine): number {
  const end = endOfInteger(bytes, at)
  if (end !== NOT_PLAIN) line.seq = integerAt(bytes, at, end)
  return end
}

/** Milliseconds with up to three digits behind the point. */
function readTime(bytes: Uint8Array, at: number, line: PlainLine): number {
  const point = endOfInteger(bytes, at)
  if (point === NOT_PLAIN) return NOT_PLAIN
  line.timeMicros = integerAt(bytes, at, point) * 1000
  if (bytes[point] !== DOT) return point
  const end = endOfDigits(bytes, point + 1)
  const digits = end - point - 1
  if (digits === 0 || digits > MAX_FRACTION_DIGITS) return NOT_PLAIN
  line.timeMicros += integerAt(bytes, point + 1, end) * 10 ** (MAX_FRACTION_DIGITS - digits)
  return end
}

function readClock(bytes: Uint8Array, at: number, line: PlainLine): number {
  if (bytes[at] !== OPEN_BRACKET) return NOT_PLAIN
  line.clock.start = at + 1
  line.clockLength = 0
  let end = at
  do {
    const start = end + 1
    end = endOfInteger(bytes, start)
    if (end === NOT_PLAIN || line.clockLength === MAX_CLOCK_LENGTH) return NOT_PLAIN
    const number = integerAt(bytes, start, end)
    if (number > MAX_CLOCK_NUMBER) return NOT_PLAIN
    line.clockNumbers[line.clockLength++] = number
  } while (bytes[end] === COMMA)
  line.clock.end = end
  return bytes[end] === CLOSE_BRACKET ? end + 1 : NOT_PLAIN
}

const attributeKeys: Slice[] = Array.from({ length: MAX_KEYS }, newSlice)

function readAttributes(bytes: Uint8Array, at: number, into: Slice): number {
  if (bytes[at] !== OPEN_BRACE) return NOT_PLAIN
  // An empty object is as good as none.
  if (bytes[at + 1] === CLOSE_BRACE) return at + 2
  let keys = 0
  let next = at
  do {
    const key = attributeKeys[keys]
    if (key === undefined) return NOT_PLAIN
    next = readString(bytes, next + 1, key)
    if (next === NOT_PLAIN || key.end - key.start > MAX_KEY_BYTES || bytes[next] !== COLON) return NOT_PLAIN
    for (let i = 0; i < keys; i++) if (isSameText(bytes, attributeKeys[i] ?? key, key)) return NOT_PLAIN
    keys++
    next = endOfScalar(bytes, next + 1)
    if (next === NOT_PLAIN) return NOT_PLAIN
  } while (bytes[next] === COMMA)
  if (bytes[next] !== CLOSE_BRACE) return NOT_PLAIN
  into.start = at
  into.end = next + 1
  return into.end
}

function readExtra(bytes: Uint8Array, start: number, end: number, line: PlainLine): number {
  if (line.extraCount === MAX_KEYS) return NOT_PLAIN
  const extra = (line.extras[line.extraCount] ??= { key: newSlice(), value: newSlice() })
  extra.key.start = start
  extra.key.end = end
  for (let i = 0; i < line.extraCount; i++) if (isSameText(bytes, line.extras[i]?.key ?? extra.key, extra.key)) return NOT_PLAIN
  line.extraCount++
  extra.value.start = end + 2
  return (extra.value.end = endOfScalar(bytes, end + 2))
}
