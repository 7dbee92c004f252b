import { formatDay, formatMinute, formatSecond, isoOf } from './instant'
import type { Period, TimeRange } from './time-range'

/** A stretch of time that ends at `toMs`, or now where it is undefined. */
export interface MapTime {
  seconds: number
  toMs?: number | undefined
}

const STEPS = 60
const MINUTE = 60

/** How long the moment is that is looked at: a sixtieth of the whole, in whole minutes. */
export function momentSeconds(range: TimeRange): number {
  return Math.max(MINUTE, Math.ceil(wholeSeconds(range) / STEPS / MINUTE) * MINUTE)
}

export function wholeSeconds(range: TimeRange): number {
  if (range.kind === 'last') return range.seconds
  return Math.max(1, Math.round((Date.parse(range.to) - Date.parse(range.from)) / 1_000))
}

/** The whole of the time; one that is "the last hour" ends now. */
export function wholeTime(range: TimeRange): MapTime {
  return { seconds: wholeSeconds(range), toMs: range.kind === 'last' ? undefined : Date.parse(range.to) }
}

/** What is shown for `at` of a link: the whole, what is now, or the moment that ends then. */
export function shownTime(range: TimeRange, at: string | undefined): MapTime {
  if (at === undefined) return wholeTime(range)
  return { seconds: momentSeconds(range), toMs: at === 'now' ? undefined : Date.parse(at) }
}

/** How many moments the slider has, and which one `at` is: from 1 to `count`. */
export function sliderOf(period: Period, range: TimeRange, at: string | undefined): { count: number; value: number } {
  const [from, to] = [Date.parse(period.from), Date.parse(period.to)]
  const step = momentSeconds(range) * 1_000
  const count = Math.max(1, Math.ceil((to - from) / step))
  if (at === undefined || at === 'now') return { count, value: count }
  return { count, value: Math.min(count, Math.max(1, Math.round((Date.parse(at) - from) / step))) }
}

/** End of the moment at which the slider stands. */
export function momentAt(period: Period, range: TimeRange, value: number): string {
  return isoOf(Math.min(Date.parse(period.to), Date.parse(period.from) + value * momentSeconds(range) * 1_000))
}

/** "14:02 – 14:03": a moment as a reader says it. */
export function momentWords(range: TimeRange, at: string): string {
  const seconds = momentSeconds(range)
  if (at === 'now') return seconds === MINUTE ? 'the last minute' : `the last ${seconds / MINUTE} minutes`
  const to = Date.parse(at)
  const from = to - seconds * 1_000
  const time = to % 60_000 === 0 ? formatMinute : formatSecond
  return `${formatDay(from)}, ${time(from)} – ${time(to)}`
}

/** The shown time as a search of sessions takes it. */
export function sessionTimes(
  range: TimeRange,
  at: string | undefined,
  from: string | undefined,
  to: string | undefined,
): { from?: string; to?: string } {
  if (at === 'now') return { from: '15m' }
  if (at === undefined) return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
  return { from: isoOf(Date.parse(at) - momentSeconds(range) * 1_000), to: isoOf(Date.parse(at)) }
}
