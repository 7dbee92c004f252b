import type { CausalGraph } from './graph.js'
import { edgeKey, invert, Merge, type CutEdge } from './merge.js'

export interface CausalOrder {
  /** Positions in `events`, first to last. */
  order: Int32Array
  /** By place in `order`: 1 where the event and the one before it are concurrent. */
  concurrent: Uint8Array
  cut: CutEdge[]
}

/**
 * One flat list, a linear extension of happened-before; of events that may come next the first in the total order of
 * `compareEvents` does. Forged data can hold cycles: they are cut, and named. Cost: n log n.
 */
export function orderByCause(graph: CausalGraph): CausalOrder {
  const { order, cut } = new Merge(graph).run()
  return { order, concurrent: markConcurrent(graph, order, cut), cut }
}

export interface ClockOrder {
  order: Int32Array
  /** By place in `order`: 1 where the event stands before one that happened before it. */
  inversion: Uint8Array
}

/** By each node's own clock, uncorrected, with the contradictions to happened-before marked. */
export function orderByClock(graph: CausalGraph): ClockOrder {
  const { events, rank } = graph
  const raw = events.map((_, index) => index)
  raw.sort((a, b) => (events[a]?.timeMicros ?? 0) - (events[b]?.timeMicros ?? 0) || (rank[a] ?? 0) - (rank[b] ?? 0))
  const order = Int32Array.from(raw)
  const placeOf = invert(order)
  const inversion = new Uint8Array(order.length)
  const latestCause = new Int32Array(order.length).fill(-1)
  const { order: causal, cut } = new Merge(graph).run()
  const cutCauses = new Set(cut.map((edge) => edgeKey(edge.event, edge.cause)))
  for (const event of causal) {
    let latest = -1
    for (const cause of [graph.before[event], graph.cause[event], graph.answer[event]]) {
      if (cause === undefined || cause < 0 || cutCauses.has(edgeKey(event, cause))) continue
      latest = Math.max(latest, placeOf[cause] ?? -1, latestCause[cause] ?? -1)
    }
    latestCause[event] = latest
    if (latest > (placeOf[event] ?? 0)) inversion[placeOf[event] ?? 0] = 1
  }
  return { order, inversion }
}

/** Neighbours in a linear extension are ordered only if an edge joins them directly. */
function markConcurrent(graph: CausalGraph, order: Int32Array, cut: CutEdge[]): Uint8Array {
  const concurrent = new Uint8Array(order.length)
  const cutCauses = new Set(cut.map((edge) => edgeKey(edge.event, edge.cause)))
  for (let place = 1; place < order.length; place++) {
    const event = order[place] ?? 0
    const previous = order[place - 1] ?? 0
    const isEdge = graph.before[event] === previous || graph.cause[event] === previous || graph.answer[event] === previous
    if (!isEdge || cutCauses.has(edgeKey(event, previous))) concurrent[place] = 1
  }
  return concurrent
}
