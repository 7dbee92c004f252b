import type { Slice } from '@groundtrack/db'

/** JSON in bytes, read without making anything of it. Each `endOf…` answers the offset behind, or NOT_PLAIN. */

/** An escape, a blank, an exponent, a number too long to be exact, a fault: something that JSON.parse has to look at. */
export const NOT_PLAIN = -1

const QUOTE = 0x22
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const BACKSLASH = 0x5c
const BLANK = 0x20
/** Integers of so many digits are exact in a double. */
const MAX_DIGITS = 15

/** ASCII text as bytes. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** Whether these bytes are exactly the text. */
export function isTextAt(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text[i]) return false
  return true
}

export function isSameText(bytes: Uint8Array, a: Slice, b: Slice): boolean {
  const length = a.end - a.start
  if (b.end - b.start !== length) return false
  for (let i = 0; i < length; i++) if (bytes[a.start + i] !== bytes[b.start + i]) return false
  return true
}

/** Of a string that began before `start`: the offset of its closing quote. */
export function endOfString(bytes: Uint8Array, start: number): number {
  for (let i = start; ; i++) {
    const byte = bytes[i] ?? 0
    if (byte === QUOTE) return i
    if (byte < BLANK || byte === BACKSLASH) return NOT_PLAIN
  }
}

const WORDS = ['true', 'false', 'null'].map(bytesOf)

/** Behind a string, number, true, false or null. */
export function endOfScalar(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  if (first === QUOTE) {
    const end = endOfString(bytes, at + 1)
    return end === NOT_PLAIN ? NOT_PLAIN : end + 1
  }
  if (first === MINUS || isDigit(first)) return endOfNumber(bytes, first === MINUS ? at + 1 : at)
  for (const word of WORDS) if (isTextAt(bytes, at, at + word.length, word)) return at + word.length
  return NOT_PLAIN
}

/** JSON's grammar of numbers, less exponents and signs. */
function endOfNumber(bytes: Uint8Array, at: number): number {
  const point = endOfInteger(bytes, at)
  if (point === NOT_PLAIN || bytes[point] !== DOT) return point
  const end = endOfDigits(bytes, point + 1)
  return end === point + 1 || end - at > MAX_DIGITS ? NOT_PLAIN : end
}

/** Digits without a leading zero, few enough to be exact. An exponent behind them is no integer's. */
export function endOfInteger(bytes: Uint8Array, at: number): number {
  const end = endOfDigits(bytes, at)
  if (end === at || end - at > MAX_DIGITS) return NOT_PLAIN
  return bytes[at] === ZERO && end - at > 1 ? NOT_PLAIN : end
}

export function endOfDigits(bytes: Uint8Array, start: number): number {
  let end = start
  while (isDigit(bytes[end] ?? 0)) end++
  return end
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9
}

export function integerAt(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let i = start; i < end; i++) value = value * 10 + (bytes[i] ?? ZERO) - ZERO
  return value
}
