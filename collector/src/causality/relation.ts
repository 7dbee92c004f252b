import type { CausalEdges } from './graph.js'
import { edgeKey, Merge } from './merge.js'

/** One edge of a chain, from the earlier event to the later one: positions in `events`. */
export interface ChainEdge {
  /** `hop`: of one hop, by their numbers; `call`: a send and what it caused; `return`: an answer and what it answers for. */
  by: 'hop' | 'call' | 'return'
  from: number
  to: number
}

export interface Relation {
  /** What event a is to event b. */
  relation: 'before' | 'after' | 'concurrent'
  /** From the earlier event to the later one; empty where they are concurrent, and for an event and itself. */
  edges: ChainEdge[]
}

/**
 * Whether the event at position `a` happened before the one at `b`, and by which edges: of all chains one with the fewest
 * calls and returns. An edge that the order was cut at proves nothing. Cost: linear, and one order by cause.
 */
export function explainRelation(graph: CausalEdges, a: number, b: number): Relation {
  const cut = new Set(new Merge(graph).run().cut.map(({ event, cause }) => edgeKey(event, cause)))
  const forwards = findChain(graph, cut, a, b)
  if (forwards) return { relation: 'before', edges: forwards }
  const backwards = findChain(graph, cut, b, a)
  return backwards ? { relation: 'after', edges: backwards } : { relation: 'concurrent', edges: [] }
}

/** Position of the event of that hop and number; −1 where it is not there. Of several the first. */
export function findEvent({ events, tree }: CausalEdges, span: string, number: number): number {
  const hop = tree.hops[tree.bySpan.get(span) ?? -1]
  return hop?.events.find((event) => events[event]?.number === number) ?? -1
}

/** Backwards from `to`, all events of a hop before what needs one call or return more. */
function findChain(graph: CausalEdges, cut: ReadonlySet<string>, from: number, to: number): ChainEdge[] | undefined {
  if (from === to) return undefined
  const { before, cause, answer } = graph
  const seen = new Uint8Array(graph.events.length)
  // By event: the edge that leads from it towards `to`.
  const next = new Map<number, ChainEdge>()
  const queue = [to]
  seen[to] = 1
  const reach = (earlier: number, later: number, by: ChainEdge['by']): boolean => {
    if (earlier < 0 || seen[earlier] === 1 || cut.has(edgeKey(later, earlier))) return false
    seen[earlier] = 1
    next.set(earlier, { by, from: earlier, to: later })
    return true
  }
  for (let i = 0; i < queue.length && seen[from] === 0; i++) {
    for (let event = queue[i] ?? -1; event >= 0; event = before[event] ?? -1) {
      if (event !== queue[i] && !reach(event, followerOf(graph, event), 'hop')) break
      if (reach(cause[event] ?? -1, event, 'call')) queue.push(cause[event] ?? -1)
      if (reach(answer[event] ?? -1, event, 'return')) queue.push(answer[event] ?? -1)
    }
  }
  return seen[from] === 1 ? follow(next, from, to) : undefined
}

function followerOf({ tree, hopOf, placeOf }: CausalEdges, event: number): number {
  return tree.hops[hopOf[event] ?? -1]?.events[(placeOf[event] ?? 0) + 1] ?? -1
}

/** Steps within one hop become one edge. */
function follow(next: ReadonlyMap<number, ChainEdge>, from: number, to: number): ChainEdge[] {
  const chain: ChainEdge[] = []
  for (let edge = next.get(from); edge; edge = edge.to === to ? undefined : next.get(edge.to)) {
    const last = chain.at(-1)
    if (last?.by === 'hop' && edge.by === 'hop') last.to = edge.to
    else chain.push({ ...edge })
  }
  return chain
}
