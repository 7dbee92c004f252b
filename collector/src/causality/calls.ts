import type { CausalGraph } from './graph.js'
import { orderByCall } from './tree.js'

/** One send and what came of it. Positions in `events` and in the graph's hops. */
export interface Call {
  /** The call event. */
  event: number
  /** The first return with the same id; −1 where none came. */
  answer: number
  /** Hops that it reached: none, one, or several where its headers were joined more than once. */
  callees: number[]
}

/** Every call event of a hop, in the order of the tree (orderByCall), with its return and its callees. */
export function deriveCalls(graph: CausalGraph, order: Int32Array = orderByCall(graph).order): Call[] {
  const { events, tree, links } = graph
  const returns = new Map<string, number>()
  const callees = new Map<number, number[]>()
  for (const hop of tree.hops) {
    for (const index of hop.events) {
      const event = events[index]
      if (event?.kind === 'return' && event.call !== undefined && !returns.has(event.call)) returns.set(event.call, index)
    }
  }
  for (let h = 0; h < links.length; h++) {
    const call = links[h]?.call ?? -1
    if (call < 0) continue
    const known = callees.get(call)
    if (known) known.push(h)
    else callees.set(call, [h])
  }
  const calls: Call[] = []
  for (const index of order) {
    const event = events[index]
    if (event?.kind !== 'call' || event.span === null) continue
    calls.push({ event: index, answer: returns.get(event.call ?? '') ?? -1, callees: callees.get(index) ?? [] })
  }
  return calls
}
