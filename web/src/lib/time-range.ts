import { formatDay, formatSecond, isoOf } from './instant'

/** Either the last so many seconds, counted from when the page looked, or two fixed instants. */
export type TimeRange = { kind: 'last'; seconds: number } | { kind: 'fixed'; from: string; to: string }

/** What the API is asked for: ISO instants. */
export interface Period {
  from: string
  to: string
}

export const DEFAULT_LAST = '1h'
export const LAST_CHOICES = ['15m', '1h', '6h', '24h', '7d'] as const

type Unit = 's' | 'm' | 'h' | 'd'

const UNIT_SECONDS: Readonly<Record<Unit, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }
const UNIT_WORDS: Readonly<Record<Unit, string>> = { s: 'second', m: 'minute', h: 'hour', d: 'day' }

/** Reads `from` and `to` of a link: `from=6h`, or two ISO instants; anything else is the default hour. */
export function readTimeRange(from: string | undefined, to: string | undefined): TimeRange {
  const seconds = lastSeconds(from)
  if (seconds !== undefined) return { kind: 'last', seconds }
  if (from !== undefined && to !== undefined && Date.parse(from) < Date.parse(to)) return { kind: 'fixed', from, to }
  return { kind: 'last', seconds: lastSeconds(DEFAULT_LAST) ?? 3_600 }
}

/** Two seconds are added to "now", since the clocks of the logging processes may run ahead of this one. */
export function resolvePeriod(range: TimeRange, nowMs: number): Period {
  if (range.kind === 'fixed') return { from: isoOf(Date.parse(range.from)), to: isoOf(Date.parse(range.to)) }
  return { from: isoOf(nowMs - range.seconds * 1_000), to: isoOf(nowMs + 2_000) }
}

/** The same for what changes by the second: the last so long is counted by the collector's clock, whenever it is asked. */
export function askedTimes(range: TimeRange): Period {
  return range.kind === 'last' ? { from: `-${range.seconds}s`, to: 'now' } : resolvePeriod(range, 0)
}

/** "Last 6 hours", "15 Jan 14:03:12 – 14:10:00" */
export function nameTimeRange(range: TimeRange): string {
  if (range.kind === 'last') return nameLast(range.seconds)
  const from = Date.parse(range.from)
  const to = Date.parse(range.to)
  const end = formatDay(from) === formatDay(to) ? formatSecond(to) : `${formatDay(to)} ${formatSecond(to)}`
  return `${formatDay(from)} ${formatSecond(from)} – ${end}`
}

/** "15m" → "Last 15 minutes" */
export function nameLastChoice(choice: string): string {
  return nameLast(lastSeconds(choice) ?? 3_600)
}

function nameLast(seconds: number): string {
  const unit = (['d', 'h', 'm'] as const).find((letter) => seconds % UNIT_SECONDS[letter] === 0) ?? 's'
  const count = seconds / UNIT_SECONDS[unit]
  if (unit === 'd' && count === 1) return 'Last 24 hours'
  return count === 1 ? `Last ${UNIT_WORDS[unit]}` : `Last ${count} ${UNIT_WORDS[unit]}s`
}

function lastSeconds(text: string | undefined): number | undefined {
  const match = /^(\d{1,5})([smhd])$/.exec(text ?? '')
  if (match === null) return undefined
  const seconds = Number(match[1]) * UNIT_SECONDS[match[2] as Unit] // the expression lets no other letter through
  return seconds > 0 ? seconds : undefined
}
