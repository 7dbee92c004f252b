import { offsetClocks } from './clock-offsets.js'
import { constrainClocks, listClocks, listCrossings, widen, type ClockConstraints, type Clocks } from './clocks.js'
import { doubtEvents } from './clock-doubts.js'
import { DRIFT_MICROS, findSteps, type FoundStep } from './clock-steps.js'
import { relax, reverse, type Constraints } from './difference-constraints.js'
import type { CausalEdges } from './graph.js'

/** How far a clock is ahead of the clock that the session began by, microseconds. */
export interface ClockSkew {
  node: string
  /** Null where no chain of edges leads to the root's clock. */
  offsetMicros: number | null
  /** The true offset is within this much of it; null where it is bounded from one side only. */
  errorMicros: number | null
  /** `one_sided`: the possible value nearest 0. `estimate`: from elsewhere, no edge of this session says it. */
  kind: 'measured' | 'one_sided' | 'estimate'
}

/** A clock that was set while the session ran. */
export interface ClockStep {
  node: string
  /** About how far; negative for backwards. */
  stepMicros: number
  /** The first event after it. */
  event: number
  /** The clocks that the node had before and after it. */
  before: number
  after: number
}

export interface Skew {
  /** The node whose clock all offsets are from; null where no hop was seen. */
  root: string | null
  /** One clock a node, and one more for each of its steps. */
  clocks: ClockSkew[]
  /** By event: its clock. */
  clockOf: Int32Array
  steps: ClockStep[]
  /** By clock, microseconds: what is taken off its times where they are drawn; null where nothing is known of it. See offsetClocks. */
  offsets: (number | null)[]
}

/**
 * What the sends and returns of one session say of its clocks: bounds for each pair of nodes, carried along shortest paths.
 * Raw times only; forged ones that contradict each other are given up. Cost: linear in events, and little for each edge
 * between nodes; each step found costs a few passes more, and there are at most 16.
 */
export function measureSkew(edges: CausalEdges): Skew {
  const clocks = listClocks(edges)
  const crossings = listCrossings(edges, clocks)
  const found = findSteps(edges, clocks, crossings)
  const rootEvent = findRootEvent(edges)
  const root = rootEvent < 0 ? -1 : (clocks.readOff[rootEvent] ?? -1)
  const offsets = measureClocks(constrainClocks(edges, clocks, crossings), clocks, root)
  const steps = found.map((step) => describeStep(edges, clocks, step, offsets))
  const doubted = found.length === 0 ? [] : doubtEvents(edges, clocks, crossings, offsets)
  return {
    root: clocks.nodes[root] ?? null,
    clocks: [...offsets, ...doubted.map((node) => ({ node, offsetMicros: null, errorMicros: null, kind: 'one_sided' as const }))],
    clockOf: clocks.readOff,
    steps,
    offsets: [...offsetClocks(offsets, steps), ...doubted.map(() => null)],
  }
}

/** One entry a node, by the clock that it began with; where nothing measured a node, `estimates` (microseconds ahead of any one clock) may. */
export function skewByNode({ clocks, root }: Skew, estimates: ReadonlyMap<string, number> = new Map()): Map<string, ClockSkew> {
  const byNode = new Map<string, ClockSkew>()
  const rootEstimate = estimates.get(root ?? '')
  for (const clock of clocks) {
    if (clock.offsetMicros !== null && !byNode.has(clock.node)) byNode.set(clock.node, clock)
  }
  for (const { node } of clocks) {
    const estimate = estimates.get(node)
    if (byNode.has(node) || estimate === undefined || rootEstimate === undefined) continue
    byNode.set(node, { node, offsetMicros: estimate - rootEstimate, errorMicros: null, kind: 'estimate' })
  }
  return byNode
}

/** The first event of the hop that the session began with, or of the one nearest to it. */
function findRootEvent({ tree, links }: CausalEdges): number {
  let best = -1
  const weigh = (h: number) => [links[h]?.by === 'root' ? 0 : 1, (tree.hops[h]?.open ?? -1) >= 0 ? 0 : 1, tree.hops[h]?.path.length ?? 0]
  for (let h = 0; h < tree.hops.length; h++) {
    if ((links[h]?.caller ?? -1) >= 0) continue
    if (best < 0 || compareWeights(weigh(h), weigh(best)) < 0) best = h
  }
  return tree.hops[best]?.events[0] ?? -1
}

function compareWeights(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0)
  return 0
}

function measureClocks(exact: ClockConstraints, { nodes }: Clocks, root: number): ClockSkew[] {
  if (root < 0) return nodes.map((node) => ({ node, offsetMicros: null, errorMicros: null, kind: 'one_sided' }))
  const startAtRoot = new Float64Array(nodes.length).fill(Infinity)
  startAtRoot[root] = 0
  const bound = (constraints: Constraints) => ({
    above: relax(constraints, startAtRoot, root),
    below: relax(reverse(constraints), startAtRoot, root),
  })
  const tight = bound(exact)
  const isDrifting = tight.above.cycle.length > 0 || tight.below.cycle.length > 0
  const constraints = isDrifting ? widen(exact, DRIFT_MICROS) : exact
  const { above, below } = isDrifting ? bound(constraints) : tight

  const isAbove = above.greatest.map((value) => (Number.isFinite(value) ? 1 : 0))
  const isBelow = below.greatest.map((value) => (Number.isFinite(value) ? 1 : 0))
  const middle = nodes.map((_, clock) => ((above.greatest[clock] ?? 0) - (below.greatest[clock] ?? 0)) / 2)
  // Alone, the root's clock is nothing to compare with.
  if (!nodes.some((_, clock) => clock !== root && (isAbove[clock] === 1 || isBelow[clock] === 1))) isAbove[root] = isBelow[root] = 0
  const nearest = nearestZero(constraints, root, middle, isAbove, isBelow)
  return nodes.map((node, clock) => {
    if (isAbove[clock] !== 1 && isBelow[clock] !== 1) return { node, offsetMicros: null, errorMicros: null, kind: 'one_sided' }
    if (isAbove[clock] !== 1 || isBelow[clock] !== 1)
      return { node, offsetMicros: nearest[clock] ?? 0, errorMicros: null, kind: 'one_sided' }
    const errorMicros = Math.abs((above.greatest[clock] ?? 0) + (below.greatest[clock] ?? 0)) / 2
    return { node, offsetMicros: middle[clock] ?? 0, errorMicros, kind: 'measured' }
  })
}

/**
 * The possible values nearest 0 of clocks that are bounded from one side, given the middles of the others. A clock with a
 * lower bound only is held down by nothing, so it goes first.
 */
function nearestZero(constraints: Constraints, root: number, middle: number[], isAbove: Float64Array, isBelow: Float64Array): Float64Array {
  const values = Float64Array.from(middle, (value, clock) => (isAbove[clock] === 1 && isBelow[clock] === 1 ? value : 0))
  const lower = relax(
    reverse(among(constraints, (clock) => isBelow[clock] === 1)),
    values.map((value) => -value),
    root,
  )
  const raised = lower.greatest.map((value) => -value)
  return relax(
    among(constraints, (clock) => isBelow[clock] === 1 || isAbove[clock] === 1),
    raised,
    root,
  ).greatest
}

function among({ count, from, to, bound }: Constraints, isKept: (clock: number) => boolean): Constraints {
  const kept = from.map((_, edge) => edge).filter((edge) => isKept(from[edge] ?? 0) && isKept(to[edge] ?? 0))
  const pick = (list: readonly number[]) => kept.map((edge) => list[edge] ?? 0)
  return { count, from: pick(from), to: pick(to), bound: pick(bound) }
}

function describeStep(edges: CausalEdges, clocks: Clocks, step: FoundStep, offsets: readonly ClockSkew[]): ClockStep {
  const node = clocks.nodes[step.after] ?? ''
  const [from, to] = [offsets[step.before], offsets[step.after]]
  const offset = (clock: ClockSkew | undefined) => clock?.offsetMicros ?? 0
  const isMeasured = from?.kind === 'measured' && to?.kind === 'measured' && from.offsetMicros !== null && to.offsetMicros !== null
  const stepMicros = isMeasured ? offset(to) - offset(from) : step.leastMicros
  const { before, after } = step
  if (step.isOrdered) return { node, stepMicros, event: step.event, before, after }
  const [first, second] = [firstRead(edges, clocks, step.before), firstRead(edges, clocks, step.after)]
  const isSwapped = second.micros - offset(to) < first.micros - offset(from)
  return isSwapped
    ? { node, stepMicros: -stepMicros, event: first.event, before: after, after: before }
    : { node, stepMicros, event: second.event, before, after }
}

/** The event with the least time on a clock, and that time in microseconds. */
function firstRead({ events, rank }: CausalEdges, { readOff }: Clocks, clock: number): { event: number; micros: number } {
  let first = -1
  for (let event = 0; event < readOff.length; event++)
    if (readOff[event] === clock && (first < 0 || (rank[event] ?? 0) < (rank[first] ?? 0))) first = event
  return { event: first, micros: events[first]?.timeMicros ?? 0 }
}
