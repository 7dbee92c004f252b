const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const RELATIVE = /^([+-])(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d|w)$/
const EPOCH_MS = /^\d{1,16}(?:\.\d{1,6})?$/
const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i

const LEAST_MS = Date.UTC(1, 0, 1)
const GREATEST_MS = Date.UTC(9_999, 0, 1)

/** ISO 8601 (without an offset: UTC), milliseconds since the epoch, `now`, or relative to it as `-1h`. Null where it is none. */
export function parseTime(text: string, nowMs: number): Date | null {
  const relative = RELATIVE.exec(text)
  if (text === 'now') return new Date(nowMs)
  const ms = relative ? nowMs + Number(`${relative[1]}${relative[2]}`) * (UNIT_MS[relative[3] ?? ''] ?? 0) : parseAbsolute(text)
  return ms >= LEAST_MS && ms < GREATEST_MS ? new Date(ms) : null
}

function parseAbsolute(text: string): number {
  if (EPOCH_MS.test(text)) return Number(text)
  if (!ISO.test(text)) return NaN
  const isOffsetGiven = text.length <= 10 || /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text)
  return Date.parse(isOffsetGiven ? text : `${text}Z`)
}

/** Microseconds since the epoch as ISO 8601 UTC with all six digits. */
export function formatMicros(micros: number): string {
  const whole = Math.round(micros)
  const ms = Math.floor(whole / 1_000)
  return `${new Date(ms).toISOString().slice(0, -1)}${String(whole - ms * 1_000).padStart(3, '0')}Z`
}
