/** PostgreSQL's COPY text format: columns by tab, rows by newline, \N for null, backslash escapes. */

const SPECIAL = /[\\\t\n\r]/
const SPECIALS = /[\\\t\n\r]/g
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

export const COPY_NULL = '\\N'

export function escapeCopyText(text: string): string {
  return SPECIAL.test(text) ? text.replace(SPECIALS, (character) => ESCAPED[character] ?? character) : text
}

export type CopyValue = string | number | null

/** One row. Strings must hold no NUL and no lone surrogates: PostgreSQL refuses them. */
export function encodeCopyRow(values: readonly CopyValue[]): string {
  let row = ''
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (i > 0) row += '\t'
    row += value === null || value === undefined ? COPY_NULL : typeof value === 'number' ? String(value) : escapeCopyText(value)
  }
  return row + '\n'
}

/** An integer array as PostgreSQL writes it. */
export function encodeIntegers(values: readonly number[]): string {
  let text = '{'
  for (let i = 0; i < values.length; i++) text += i === 0 ? String(values[i]) : `,${values[i]}`
  return text + '}'
}

/** Each of these three writes at `at` and answers where it ended. They are called some ten times an event: a loop beats a call into the buffer. */
export function writeAscii(to: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) to[at + i] = text.charCodeAt(i)
  return at + text.length
}

export function writeSlice(to: Uint8Array, at: number, from: Uint8Array, { start, end }: { start: number; end: number }): number {
  if (end - start > LOOP_BYTES) {
    to.set(from.subarray(start, end), at)
    return at + end - start
  }
  let next = at
  for (let i = start; i < end; i++) to[next++] = from[i] ?? 0
  return next
}

/** An integer ≥ 0. */
export function writeInteger(to: Uint8Array, at: number, value: number): number {
  if (value > MAX_INT32) return writeAscii(to, at, String(value))
  let digits = 1
  for (let power = 10; power <= value; power *= 10) digits++
  writeDigits(to, at, value, digits)
  return at + digits
}

/** The last `digits` of an integer of at most 31 bits, with leading zeros. Kept to integers: a remainder of doubles is slow. */
export function writeDigits(to: Uint8Array, at: number, value: number, digits: number): void {
  let rest = value | 0
  for (let i = at + digits - 1; i >= at; i--) {
    const tenth = (rest / 10) | 0
    to[i] = ZERO + rest - tenth * 10
    rest = tenth
  }
}

const MAX_INT32 = 2 ** 31 - 1
const ZERO = 0x30
/** Longer slices are copied by the buffer itself. */
const LOOP_BYTES = 200

/** Bytes of every timestamp that `formatMicros` gives. */
export const TIMESTAMP_BYTES = 29

const ZONE = '+00'
const FRACTION_DIGITS = 6
let cachedSecond = Number.NaN
/** Up to and with the point. */
let cachedPrefix = ''

/** A timestamptz with microseconds, from microseconds since the epoch. The years 1000–9999 only: its width is fixed. */
export function formatMicros(micros: number): string {
  return `${prefixOf(micros)}${String(micros - cachedSecond * 1e6).padStart(FRACTION_DIGITS, '0')}${ZONE}`
}

/** The same, written at `at`; answers where it ended. */
export function writeMicros(to: Uint8Array, at: number, micros: number): number {
  const fraction = writeAscii(to, at, prefixOf(micros))
  writeDigits(to, fraction, micros - cachedSecond * 1e6, FRACTION_DIGITS)
  return writeAscii(to, fraction + FRACTION_DIGITS, ZONE)
}

function prefixOf(micros: number): string {
  const second = Math.floor(micros / 1e6)
  if (second !== cachedSecond) {
    cachedPrefix = `${new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' ')}.`
    cachedSecond = second
  }
  return cachedPrefix
}
