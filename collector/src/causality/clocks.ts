import type { CausalEdges } from './graph.js'
import type { Constraints } from './difference-constraints.js'

/**
 * The clocks of a session: one a node, and one more for each step that was found in it. The work of finding steps changes
 * them: by event the clock that it was read off, and the same for those events only whose times may prove something.
 */
export interface Clocks {
  /** Name of each clock's node. */
  nodes: string[]
  /** By event. */
  readOff: Int32Array
  /** By event; −1 where it is uncertain on which side of a step the event stands. */
  provenBy: Int32Array
}

/** Edges of happened-before between events of two nodes: what the first one's time says of the second one's. Positions of events. */
export interface Crossings {
  from: number[]
  to: number[]
}

/** One clock a node, in the order of hops. */
export function listClocks({ events, tree }: CausalEdges): Clocks {
  const nodes: string[] = []
  const known = new Map<string, number>()
  const readOff = new Int32Array(events.length)
  const read = (event: number) => {
    const node = events[event]?.node ?? ''
    let clock = known.get(node)
    if (clock === undefined) {
      clock = nodes.length
      known.set(node, clock)
      nodes.push(node)
    }
    readOff[event] = clock
  }
  for (const hop of tree.hops) for (const event of hop.events) read(event)
  for (const event of tree.loose) read(event)
  return { nodes, readOff, provenBy: readOff.slice() }
}

/** In the order of hops and of the events in them. */
export function listCrossings({ tree, cause, answer }: CausalEdges, { readOff }: Clocks): Crossings {
  const from: number[] = []
  const to: number[] = []
  for (const hop of tree.hops) {
    for (const event of hop.events) {
      for (const earlier of [cause[event] ?? -1, answer[event] ?? -1]) {
        if (earlier < 0 || readOff[earlier] === readOff[event]) continue
        from.push(earlier)
        to.push(event)
      }
    }
  }
  return { from, to }
}

/** Constraints between clocks in microseconds, the tightest of each pair and direction, with the crossing that says it. */
export interface ClockConstraints extends Constraints {
  crossing: number[]
}

/**
 * An event at s on one clock that happened before one at r on another says: the second clock is ahead of the first by no
 * more than r − s. Sends bound it from above, returns from below.
 */
export function constrainClocks({ events }: CausalEdges, { nodes, provenBy }: Clocks, crossings: Crossings): ClockConstraints {
  const constraints: ClockConstraints = { count: nodes.length, from: [], to: [], bound: [], crossing: [] }
  const known = new Map<number, number>()
  for (let i = 0; i < crossings.from.length; i++) {
    const earlier = crossings.from[i] ?? 0
    const later = crossings.to[i] ?? 0
    const from = provenBy[earlier] ?? -1
    const to = provenBy[later] ?? -1
    if (from < 0 || to < 0 || from === to) continue
    // Whole microseconds add up exactly, in whatever order.
    const bound = Math.round(events[later]?.timeMicros ?? 0) - Math.round(events[earlier]?.timeMicros ?? 0)
    const key = from * nodes.length + to
    const at = known.get(key) ?? constraints.from.length
    if (at < constraints.from.length && bound >= (constraints.bound[at] ?? 0)) continue
    known.set(key, at)
    constraints.from[at] = from
    constraints.to[at] = to
    constraints.bound[at] = bound
    constraints.crossing[at] = i
  }
  return constraints
}

/** The same, each bound wider by so many microseconds. */
export function widen(constraints: ClockConstraints, micros: number): ClockConstraints {
  return { ...constraints, bound: constraints.bound.map((bound) => bound + micros) }
}
