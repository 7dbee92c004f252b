import type { CausalEdges } from './graph.js'
import { rankEvents } from './rank.js'

/** Edges that no time decides, by other times: events are ranked anew, and hops come in the order of the first ranked event of each. */
export function redraw(edges: CausalEdges, drawn: Float64Array): CausalEdges {
  const { events, tree, links } = edges
  const ranking = rankEvents(events, drawn)
  const placeOf = new Int32Array(tree.hops.length).fill(-1)
  const order: number[] = []
  for (const event of ranking.byRank) {
    const h = edges.hopOf[event] ?? -1
    if (h < 0 || placeOf[h] !== -1) continue
    placeOf[h] = order.length
    order.push(h)
  }
  const move = (h: number) => placeOf[h] ?? -1
  return {
    ...edges,
    ...ranking,
    drawn,
    tree: {
      hops: tree.hops.map((hop, place) => tree.hops[order[place] ?? -1] ?? hop),
      bySpan: new Map(order.map((h, place) => [tree.hops[h]?.span ?? '', place])),
      loose: tree.loose.toSorted((a, b) => (ranking.rank[a] ?? 0) - (ranking.rank[b] ?? 0)),
    },
    links: links.map((own, place) => {
      const link = links[order[place] ?? -1] ?? own
      return { ...link, caller: move(link.caller) }
    }),
    hopOf: edges.hopOf.map(move),
  }
}
