import type { BreakerSpan, BreakerState } from '@groundtrack/collector/api'
import { BREAKER_NAMES, BREAKER_STATES } from './breaker-words'
import { formatAge } from './age'

export interface LanePiece {
  state: BreakerState
  /** Shares of the width, 0 to 1. */
  at: number
  width: number
}

/** Least share that a state other than closed is drawn with: two seconds of an hour must be seen. */
const LEAST_SHARE = 0.006

/** The part of each span within the time that is drawn; short ones widened to the left so that they are seen. */
export function placeLane(lane: readonly BreakerSpan[], fromMs: number, toMs: number): LanePiece[] {
  const share = (ms: number) => Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)))
  const pieces = lane.map((span) => ({ state: span.state, start: share(Date.parse(span.from)), end: share(Date.parse(span.to)) }))
  const raised = pieces
    .filter((piece) => piece.end > piece.start)
    .map((piece) => {
      const width = piece.state === 'closed' ? piece.end - piece.start : Math.max(LEAST_SHARE, piece.end - piece.start)
      return { state: piece.state, at: Math.min(piece.start, 1 - width), width }
    })
  // What is not closed lies above what is: a widened piece covers its neighbour, never the other way round.
  return raised.toSorted((a, b) => Number(b.state === 'closed') - Number(a.state === 'closed') || a.at - b.at)
}

/** How long a time to draw, at most an hour: no more than what is known fills, so that turns of a young system can be told apart. */
export function laneSeconds(lanes: readonly (readonly BreakerSpan[])[], nowMs: number): number {
  const begins = Math.min(nowMs, ...lanes.flatMap((lane) => lane.slice(0, 1).map((span) => Date.parse(span.from))))
  return LANE_SECONDS.find((seconds) => nowMs - begins <= seconds * 1_000) ?? 3_600
}

const LANE_SECONDS = [300, 900, 1_800]

/** "open for 3 min 2 s, closed for 56 min" within the time that is drawn; "not known" of none. */
export function laneWords(lane: readonly BreakerSpan[], fromMs: number, toMs: number): string {
  const parts = BREAKER_STATES.map((state) => {
    const ms = lane
      .filter((span) => span.state === state)
      .reduce((sum, span) => sum + Math.max(0, Math.min(toMs, Date.parse(span.to)) - Math.max(fromMs, Date.parse(span.from))), 0)
    return ms > 0 ? `${BREAKER_NAMES[state]} for ${formatAge(ms)}` : ''
  }).filter((part) => part !== '')
  return parts.length === 0 ? 'not known' : parts.join(', ')
}

/** Whole minutes, quarters of hours and so on between both ends, about `count` of them. */
export function clockTicks(fromMs: number, toMs: number, count: number): number[] {
  const rough = (toMs - fromMs) / Math.max(1, count)
  const step = CLOCK_STEPS.find((each) => each >= rough) ?? Math.ceil(rough / DAY) * DAY
  const offset = new Date(fromMs).getTimezoneOffset() * 60_000
  const ticks: number[] = []
  for (let at = Math.ceil((fromMs - offset) / step) * step + offset; at <= toMs; at += step) ticks.push(at)
  return ticks
}

const MINUTE = 60_000
const DAY = 1_440 * MINUTE
const CLOCK_STEPS = [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 120 * MINUTE, 180 * MINUTE, 360 * MINUTE, 720 * MINUTE, DAY] // prettier-ignore
