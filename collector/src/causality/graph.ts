import { compareEvents, drawnMicros, type CausalEvent } from './event.js'
import { deriveHops, type Hops } from './hops.js'
import { countNumbers, linkHops, placeEvents, type HopLink } from './links.js'

/** The direct edges of happened-before among the events that are there. Indexes are positions in `events`; −1 is none. */
export interface CausalGraph {
  events: readonly CausalEvent[]
  /** Place of each event in the total order of `compareEvents`. */
  rank: Int32Array
  tree: Hops
  links: HopLink[]
  hopOf: Int32Array
  placeOf: Int32Array
  /** The event before it in its hop. */
  before: Int32Array
  /** First event of a hop: the caller's event that it hangs on. */
  cause: Int32Array
  /** `return`: the callee's last event that it has seen. */
  answer: Int32Array
}

/** Cost: n log n for n events. */
export function buildGraph(events: readonly CausalEvent[]): CausalGraph {
  const rank = rankEvents(events)
  const tree = deriveHops(events, rank)
  const links = linkHops(events, tree)
  const { hopOf, placeOf } = placeEvents(events.length, tree.hops)
  const before = new Int32Array(events.length).fill(-1)
  const cause = new Int32Array(events.length).fill(-1)
  const answer = new Int32Array(events.length).fill(-1)
  for (let h = 0; h < tree.hops.length; h++) {
    const members = tree.hops[h]?.events ?? []
    for (let place = 1; place < members.length; place++) before[members[place] ?? 0] = members[place - 1] ?? -1
    cause[members[0] ?? 0] = links[h]?.cause ?? -1
  }
  for (let i = 0; i < events.length; i++) {
    const callee = events[i]?.callee
    const hop = callee && tree.hops[tree.bySpan.get(callee.span) ?? -1]
    if (hop && callee) answer[i] = hop.events[countNumbers(hop, callee.last) - 1] ?? -1
  }
  return { events, rank, tree, links, hopOf, placeOf, before, cause, answer }
}

function rankEvents(events: readonly CausalEvent[]): Int32Array {
  const times = Float64Array.from(events, drawnMicros)
  const order = events.map((_, index) => index)
  order.sort((a, b) => {
    const difference = (times[a] ?? 0) - (times[b] ?? 0)
    const first = events[a]
    const second = events[b]
    return difference !== 0 || !first || !second ? difference : compareEvents(first, second)
  })
  const rank = new Int32Array(events.length)
  for (let place = 0; place < order.length; place++) rank[order[place] ?? 0] = place
  return rank
}
