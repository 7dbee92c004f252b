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

/** Bytes of every timestamp that `formatMicros` gives. */
export const TIMESTAMP_BYTES = 29

let cachedSecond = Number.NaN
let cachedPrefix = ''

/** A timestamptz with microseconds, from microseconds since the epoch. The years 1000–9999 only: its width is fixed. */
export function formatMicros(micros: number): string {
  const second = Math.floor(micros / 1e6)
  if (second !== cachedSecond) {
    cachedPrefix = new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' ')
    cachedSecond = second
  }
  const fraction = String(1_000_000 + (micros - second * 1e6)).slice(1)
  return `${cachedPrefix}.${fraction}+00`
}
