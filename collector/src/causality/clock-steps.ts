import { constrainClocks, widen, type ClockConstraints, type Clocks, type Crossings } from './clocks.js'
import { relax } from './difference-constraints.js'
import type { CausalEdges } from './graph.js'
import { Merge } from './merge.js'

/** A clock that was set while the session ran. */
export interface FoundStep {
  /** Clock before and after it. */
  before: number
  after: number
  /** The first event after it. */
  event: number
  /** How far the clock went at least; negative for backwards. */
  leastMicros: number
  /** False where no edge says which side came first: `before` and `after` may have to change places. */
  isOrdered: boolean
}

/** Clocks drift, and are followed in small corrections: what contradicts itself by less, between two clocks, is no step. */
export const DRIFT_MICROS = 2_500
const LEAST_STEP_MICROS = 2 * DRIFT_MICROS
// Each costs a few passes over all events: an honest session has one or two, a forged one any number.
const MAX_STEPS = 16

/** Splits the clocks at their steps. What contradicts itself even then proves nothing any longer, so the constraints left can be kept. */
export function findSteps(edges: CausalEdges, clocks: Clocks, crossings: Crossings): FoundStep[] {
  const steps: FoundStep[] = []
  let causal: Int32Array | undefined
  const order = () => (causal ??= new Merge(edges).run().order)
  for (const { previous, event, backMicros } of findDecreases(edges).slice(0, MAX_STEPS)) {
    const before = clocks.readOff[event] ?? 0
    if (before !== clocks.readOff[previous]) continue
    const after = splitAtDecrease(edges, clocks, order(), previous, event)
    steps.push({ before, after, event, leastMicros: -backMicros, isOrdered: true })
  }
  for (let round = 0; round < 2 * MAX_STEPS; round++) {
    const constraints = widen(constrainClocks(edges, clocks, crossings), DRIFT_MICROS)
    const { cycle } = relax(constraints, new Float64Array(constraints.count), -1)
    if (cycle.length === 0) return steps
    const suspects = steps.length < MAX_STEPS ? listSuspects(edges, clocks, crossings, constraints, cycle) : []
    // Only a clock that was set back can show an earlier time for a later event: no other explanation is looked for.
    const proven = suspects.find(
      ({ entered, left }) => timeOf(edges, entered) < timeOf(edges, left) && isBefore(edges, order(), left, entered),
    )
    const suspect = suspects[0]
    if (proven) steps.push(stepBack(edges, clocks, order(), proven))
    else if (suspect) steps.push(splitAtGap(edges, clocks, order(), suspect))
    else distrust(clocks, new Set(cycle.map((edge) => constraints.to[edge] ?? 0)))
  }
  clocks.provenBy.fill(-1)
  return steps
}

function timeOf({ events }: CausalEdges, event: number): number {
  return events[event]?.timeMicros ?? 0
}

/** Whether one event happened before another. */
function isBefore(edges: CausalEdges, order: Int32Array, earlier: number, later: number): boolean {
  return futureOf(edges, order, earlier)[later] === 1
}

/** By event: 1 for it and all that it happened before. */
function futureOf({ before, cause, answer }: CausalEdges, order: Int32Array, event: number): Uint8Array {
  const future = new Uint8Array(order.length)
  future[event] = 1
  for (const at of order)
    if (future[before[at] ?? -1] === 1 || future[cause[at] ?? -1] === 1 || future[answer[at] ?? -1] === 1) future[at] = 1
  return future
}

/** By event: 1 for it and all that happened before it. */
function pastOf({ before, cause, answer }: CausalEdges, order: Int32Array, event: number): Uint8Array {
  const past = new Uint8Array(order.length)
  past[event] = 1
  for (let place = order.length - 1; place >= 0; place--) {
    const at = order[place] ?? 0
    if (past[at] !== 1) continue
    for (const earlier of [before[at] ?? -1, cause[at] ?? -1, answer[at] ?? -1]) if (earlier >= 0) past[earlier] = 1
  }
  return past
}

/** The first event that was read off a clock, in causal order. */
function firstOf({ readOff }: Clocks, order: Int32Array, clock: number): number {
  return order.find((event) => readOff[event] === clock) ?? -1
}

function stepBack(edges: CausalEdges, clocks: Clocks, order: Int32Array, { clock, entered, left }: Suspect): FoundStep {
  const after = splitAtDecrease(edges, clocks, order, left, entered)
  return {
    before: clock,
    after,
    event: firstOf(clocks, order, after),
    leastMicros: timeOf(edges, entered) - timeOf(edges, left),
    isOrdered: true,
  }
}

/** Where a clock went back between two events of one hop, whose numbers say which was first; the greatest first. */
function findDecreases({ events, tree, rank }: CausalEdges): { previous: number; event: number; backMicros: number }[] {
  const found: { previous: number; event: number; backMicros: number }[] = []
  for (const hop of tree.hops) {
    let previous = -1
    for (const event of hop.events) {
      const here = events[event]
      if (!here || here.number === null) continue
      const there = events[previous]
      const backMicros = there && there.node === here.node ? there.timeMicros - here.timeMicros : 0
      if (backMicros > LEAST_STEP_MICROS && there?.number !== here.number) found.push({ previous, event, backMicros })
      previous = event
    }
  }
  return found.toSorted((a, b) => b.backMicros - a.backMicros || (rank[a.event] ?? 0) - (rank[b.event] ?? 0))
}

/** What happened before the last event before the step is before it, likewise after; the rest is drawn with the nearer time and proves nothing. */
function splitAtDecrease(edges: CausalEdges, clocks: Clocks, order: Int32Array, previous: number, event: number): number {
  const past = pastOf(edges, order, previous)
  const future = futureOf(edges, order, event)
  const clock = clocks.readOff[event] ?? 0
  return splitClock(clocks, clock, (at) => {
    const isNearer = Math.abs(timeOf(edges, at) - timeOf(edges, event)) < Math.abs(timeOf(edges, at) - timeOf(edges, previous))
    const isAfter = future[at] === 1 || (past[at] === 0 && isNearer)
    return { isAfter, isProven: future[at] !== past[at] }
  })
}

/** A clock on a cycle of contradictions, and where in its time it may have been set. Microseconds by that clock. */
interface Suspect {
  clock: number
  /** The event that stands too early on it, and the one that stands too late. */
  entered: number
  left: number
  /** The last event that is surely on the lower side, the first that is surely on the upper, and between them the likeliest place. */
  lowerUntil: number
  upperFrom: number
  splitFrom: number
  /** How much the cycle contradicts itself. */
  micros: number
  /**
   * It has a gap about as wide as the contradiction. A clock that was set forwards must have one; one that went back by
   * far more than the session took has one that its own events narrow a little.
   */
  hasGap: boolean
  gaps: number
}

/** Likeliest first: with a gap, few gaps before many, then by place in the cycle from its least clock. */
function listSuspects(
  edges: CausalEdges,
  clocks: Clocks,
  crossings: Crossings,
  constraints: ClockConstraints,
  cycle: readonly number[],
): Suspect[] {
  const micros = -cycle.reduce((sum, edge) => sum + (constraints.bound[edge] ?? 0), 0)
  const crossing = (edge: number | undefined) => constraints.crossing[edge ?? -1] ?? -1
  const suspects = cycle.slice(0, MAX_STEPS).flatMap((edge, i) => {
    const entered = crossings.to[crossing(edge)] ?? -1
    const left = crossings.from[crossing(cycle[(i + 1) % cycle.length])] ?? -1
    return judgeClock(edges, clocks, constraints.to[edge] ?? 0, entered, left, micros) ?? []
  })
  return suspects.toSorted(
    (a, b) => Number(b.hasGap) - Number(a.hasGap) || a.gaps - b.gaps || Number(a.clock === 0) - Number(b.clock === 0) || a.clock - b.clock,
  )
}

/** `entered` is too early on this clock, or `left` too late. */
function judgeClock(
  { events }: CausalEdges,
  { provenBy }: Clocks,
  clock: number,
  entered: number,
  left: number,
  micros: number,
): Suspect | undefined {
  const enteredMicros = events[entered]?.timeMicros ?? 0
  const leftMicros = events[left]?.timeMicros ?? 0
  const low = Math.min(enteredMicros, leftMicros)
  const high = Math.max(enteredMicros, leftMicros)
  if (low === high) return undefined
  const times: number[] = []
  for (let event = 0; event < provenBy.length; event++) {
    const at = events[event]?.timeMicros ?? 0
    if (provenBy[event] === clock && at >= low && at <= high) times.push(at)
  }
  const sorted = Float64Array.from(times).sort()
  const suspect = { clock, entered, left, lowerUntil: low, upperFrom: high, splitFrom: high, micros, hasGap: false, gaps: 0 }
  let widest = -1
  for (let i = 1; i < sorted.length; i++) {
    const from = sorted[i - 1] ?? 0
    const to = sorted[i] ?? 0
    if (to - from > widest) {
      widest = to - from
      suspect.splitFrom = to
    }
    if (enteredMicros > leftMicros || to - from < micros / 2) continue
    if (!suspect.hasGap) suspect.lowerUntil = from
    suspect.hasGap = true
    suspect.upperFrom = to
    suspect.gaps++
  }
  return suspect
}

/** Which side came first is told by any event of one side that happened before one of the other. */
function splitAtGap(edges: CausalEdges, clocks: Clocks, order: Int32Array, suspect: Suspect): FoundStep {
  const { clock, lowerUntil, upperFrom, splitFrom, micros } = suspect
  const isUpper = (event: number) => timeOf(edges, event) >= splitFrom
  const direction = suspect.hasGap ? findDirection(edges, clocks, order, clock, isUpper) : undefined
  const isBackwards = !suspect.hasGap || direction === 'down'
  const isUpperAfter = !suspect.hasGap || !isBackwards
  const after = splitClock(clocks, clock, (event) => ({
    isAfter: isUpper(event) === isUpperAfter,
    isProven: timeOf(edges, event) <= lowerUntil || timeOf(edges, event) >= upperFrom,
  }))
  return {
    before: clock,
    after,
    event: firstOf(clocks, order, after),
    leastMicros: isBackwards ? -micros : micros,
    isOrdered: !suspect.hasGap || direction !== undefined,
  }
}

/** `down`: events of the upper side happened before some of the lower, and none the other way round. Undefined where no edge tells. */
function findDirection(
  edges: CausalEdges,
  { readOff }: Clocks,
  order: Int32Array,
  clock: number,
  isUpper: (event: number) => boolean,
): 'up' | 'down' | undefined {
  const LOWER = 1
  const UPPER = 2
  const past = new Uint8Array(order.length)
  let direction: 'down' | undefined
  for (const event of order) {
    let seen = 0
    for (const earlier of [edges.before[event] ?? -1, edges.cause[event] ?? -1, edges.answer[event] ?? -1]) seen |= past[earlier] ?? 0
    if (readOff[event] === clock) {
      if (isUpper(event) && (seen & LOWER) !== 0) return 'up'
      if (!isUpper(event) && (seen & UPPER) !== 0) direction = 'down'
      seen |= isUpper(event) ? UPPER : LOWER
    }
    past[event] = seen
  }
  return direction
}

function splitClock(
  { nodes, readOff, provenBy }: Clocks,
  clock: number,
  side: (event: number) => { isAfter: boolean; isProven: boolean },
): number {
  const after = nodes.length
  nodes.push(nodes[clock] ?? '')
  for (let event = 0; event < readOff.length; event++) {
    if (readOff[event] !== clock) continue
    const { isAfter, isProven } = side(event)
    if (isAfter) readOff[event] = after
    if (!isProven) provenBy[event] = -1
    else if (provenBy[event] === clock && isAfter) provenBy[event] = after
  }
  return after
}

function distrust({ provenBy }: Clocks, clocks: ReadonlySet<number>): void {
  for (let event = 0; event < provenBy.length; event++) if (clocks.has(provenBy[event] ?? -1)) provenBy[event] = -1
}
