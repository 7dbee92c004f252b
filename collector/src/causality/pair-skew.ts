import { DRIFT_MICROS } from './clock-steps.js'
import type { CausalGraph } from './graph.js'

/** What one session says of how far one clock is ahead of another, microseconds: between `lower` and `upper`, infinite where nothing says. */
export interface PairBounds {
  lower: number
  upper: number
  /** One of the clocks was set within the session, so that its bounds say nothing. */
  stepped: boolean
}

/**
 * Bounds of the clocks of all nodes that `node` called, or that called it, each against the clock of `node`. A call sent at s by
 * its clock that arrived at r by the other's says θ ≤ r − s; one the other way, and a return, the reverse. Cost: linear.
 */
export function boundPairs(graph: Pick<CausalGraph, 'events' | 'cause' | 'answer' | 'skew'>, node: string): Map<string, PairBounds> {
  const set = new Set(graph.skew.steps.map((step) => step.node))
  const pairs = new Map<string, PairBounds>()
  for (const [index, later] of graph.events.entries()) {
    for (const at of [graph.cause[index] ?? -1, graph.answer[index] ?? -1]) {
      const earlier = graph.events[at]
      if (!earlier || earlier.node === later.node || (earlier.node !== node && later.node !== node)) continue
      const isSentByNode = earlier.node === node
      const other = isSentByNode ? later.node : earlier.node
      const pair = pairs.get(other) ?? { lower: -Infinity, upper: Infinity, stepped: set.has(node) || set.has(other) }
      pairs.set(other, pair)
      if (isSentByNode) pair.upper = Math.min(pair.upper, later.timeMicros - earlier.timeMicros)
      else pair.lower = Math.max(pair.lower, earlier.timeMicros - later.timeMicros)
    }
  }
  return pairs
}

/** The bounds of one session, and when that was, microseconds by any one clock. */
export interface DatedBounds extends PairBounds {
  atMicros: number
}

export interface MeasuredPair {
  /** Where one side is unbounded the possible value nearest 0. Microseconds. */
  offsetMicros: number
  errorMicros: number | null
  /** How many sessions it rests on. */
  sessions: number
  /** A session contradicts the newer ones: a clock was set, and it and all before it say nothing. */
  stepped: boolean
}

/** Two clocks may part, or be slewed to one another, by that much: what adjtime does at most. */
const DRIFT = 500e-6

/**
 * Intersects what the sessions say, the newest first; what an older one says holds the looser, the longer it is ago. Bounds that contradict
 * each other by no more than small corrections of the clocks do leave what lies between them.
 */
export function intersectPairs(newestFirst: readonly DatedBounds[]): MeasuredPair {
  let lower = -Infinity
  let upper = Infinity
  let sessions = 0
  let stepped = false
  const now = newestFirst[0]?.atMicros ?? 0
  for (const { atMicros, stepped: isSet, ...bounds } of newestFirst) {
    const slack = Math.abs(now - atMicros) * DRIFT
    const low = Math.max(lower, bounds.lower - slack)
    const high = Math.min(upper, bounds.upper + slack)
    stepped = isSet || low - high > 2 * DRIFT_MICROS
    if (stepped) break
    lower = Math.min(low, high)
    upper = Math.max(low, high)
    sessions++
  }
  if (Number.isFinite(lower) && Number.isFinite(upper))
    return { offsetMicros: (lower + upper) / 2, errorMicros: (upper - lower) / 2, sessions, stepped }
  return { offsetMicros: lower > 0 ? lower : Math.min(upper, 0), errorMicros: null, sessions, stepped }
}
