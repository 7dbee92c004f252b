const NUL = '\0'
const NUL_SIGN = '\u2400'
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?(?:Infinity|NaN)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** Whether PostgreSQL can hold every string and key of a parsed value: no NUL, no half of a surrogate pair. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes(NUL) && value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isStorable)
  return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner))
}

/** A string PostgreSQL can hold: NUL becomes ␀, half a surrogate pair U+FFFD. */
export function mendText(text: string): string {
  return text.replaceAll(NUL, NUL_SIGN).toWellFormed()
}

/** The same value with all strings and keys mended. Keys such as __proto__ stay plain data. */
export function mendValue(value: unknown): unknown {
  if (typeof value === 'string') return mendText(value)
  if (Array.isArray(value)) return value.map(mendValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [mendText(key), mendValue(inner)]))
}

/** JSON text in which numbers that a double can't hold (integers beyond 2⁵³, 1e999, NaN) stand as strings, digit for digit. */
export function quoteLongNumbers(json: string): string {
  return json.replace(TOKEN, (token) => (token.startsWith('"') || isExact(token) ? token : `"${token}"`))
}

function isExact(token: string): boolean {
  const number = Number(token)
  return Number.isFinite(number) && (Number.isSafeInteger(number) || !/^-?\d+$/.test(token))
}

/** How many keys a parsed value has, at all depths. */
export function countKeys(value: object): number {
  let keys = 0
  if (Array.isArray(value)) {
    for (const inner of value as unknown[]) if (typeof inner === 'object' && inner !== null) keys += countKeys(inner)
    return keys
  }
  // Parsed JSON inherits nothing enumerable, so for…in lists own keys, without an array.
  for (const key in value) {
    keys++
    const inner: unknown = value[key as never]
    if (typeof inner === 'object' && inner !== null) keys += countKeys(inner)
  }
  return keys
}
