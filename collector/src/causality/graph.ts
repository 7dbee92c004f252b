import { findEdges } from './edges.js'
import type { CausalEvent } from './event.js'
import type { Hops } from './hops.js'
import type { HopLink } from './links.js'
import type { Ranking } from './rank.js'
import { redraw } from './redraw.js'
import { measureSkew, type Skew } from './skew.js'

/** The direct edges of happened-before among the events that are there. Indexes are positions in `events`; −1 is none. */
export interface CausalEdges extends Ranking {
  events: readonly CausalEvent[]
  /** By event, microseconds: what ties are broken by and what is drawn. Raw time less the skew and the steps of the event's clock, where this session tells them. */
  drawn: Float64Array
  tree: Hops
  links: HopLink[]
  /** The hops whose caller was cut off, since it is among those that they called. */
  cutHops: number[]
  hopOf: Int32Array
  placeOf: Int32Array
  /** The event before it in its hop. */
  before: Int32Array
  /** First event of a hop: the caller's event that it hangs on. */
  cause: Int32Array
  /** `return`: the callee's last event that it has seen. */
  answer: Int32Array
}

export interface CausalGraph extends CausalEdges {
  skew: Skew
}

/** Edges and skew of one session; nothing depends on the order of `events`. Cost: about linear; events of one instant are sorted. */
export function buildGraph(events: readonly CausalEvent[]): CausalGraph {
  const steps = buildInSteps(events)
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value
}

/** The same, with places to pause, so that a large session holds up nothing else for long. */
export function* buildInSteps(events: readonly CausalEvent[]): Generator<void, CausalGraph, void> {
  const raw = Float64Array.from(events, (event) => event.timeMicros)
  const { edges, isTimeless } = yield* findEdges(events, raw)
  const skew = measureSkew(edges)
  const drawn = raw.map((micros, event) => micros - (skew.offsets[skew.clockOf[event] ?? -1] ?? 0))
  yield
  const isSame = drawn.every((micros, event) => micros === raw[event])
  if (isSame) return { ...edges, skew }
  if (isTimeless) return { ...redraw(edges, drawn), skew }
  return { ...(yield* findEdges(events, drawn)).edges, skew }
}

/** Raw time less the skew and the steps of its clock, microseconds; undefined where this session says nothing of that clock. */
export function correctedMicros({ drawn, skew }: CausalGraph, event: number): number | undefined {
  const isKnown = (skew.offsets[skew.clockOf[event] ?? -1] ?? null) !== null
  return isKnown ? drawn[event] : undefined
}

/** The longest that all events of any one node took, microseconds, steps of its clock taken out. */
export function longestDrawn({ events, drawn }: CausalGraph): number {
  const bounds = new Map<string, { first: number; last: number }>()
  for (const [i, { node }] of events.entries()) {
    const micros = drawn[i] ?? 0
    const bound = bounds.get(node)
    if (!bound) bounds.set(node, { first: micros, last: micros })
    else {
      bound.first = Math.min(bound.first, micros)
      bound.last = Math.max(bound.last, micros)
    }
  }
  let longest = 0
  for (const { first, last } of bounds.values()) longest = Math.max(longest, last - first)
  return longest
}
