const SESSION = /^(?!0{32})[0-9a-f]{32}$/
const SPAN = /^(?!0{16})[0-9a-f]{16}$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/

export function isSessionId(value: unknown): value is string {
  return typeof value === 'string' && SESSION.test(value)
}

export function isSpanId(value: unknown): value is string {
  return typeof value === 'string' && SPAN.test(value)
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value)
}

/** A session id as people write it: 32 hex or UUID in any case, or a whole traceparent. Null where it is none of these. */
export function parseSessionId(text: string): string | null {
  const lower = text.trim().toLowerCase()
  const id = TRACEPARENT.exec(lower)?.[1] ?? (UUID.test(lower) ? lower.replaceAll('-', '') : lower)
  return SESSION.test(id) ? id : null
}

/** The 16 hex digits of a span as PostgreSQL's bigint holds them: signed decimal. */
export function spanToBigint(span: string): string {
  return BigInt.asIntN(64, BigInt(`0x${span}`)).toString()
}

export const MAX_CLOCK_LENGTH = 64
export const MAX_CLOCK_NUMBER = 2 ** 31 - 1

/** A path of integers 1 … 2³¹−1, at most 64 long; MDK roots may be 0. */
export function isClock(value: unknown): value is number[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_CLOCK_LENGTH) return false
  for (const n of value as unknown[]) {
    if (typeof n !== 'number' || !(n >= 0 && n <= MAX_CLOCK_NUMBER) || n % 1 !== 0) return false
  }
  return true
}
