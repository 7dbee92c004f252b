import type { CausalGraph } from './graph.js'

/** The numbers of one hop that are there, and how far others prove that it counted. */
export interface KnownNumbers {
  span: string
  /** Rising. */
  numbers: number[]
  /** From returns that name the hop, and from the paths of the hops that it called. 0 for no proof. */
  atLeast: number
}

/** One entry a hop, in the graph's order; after them the hops that only a return names. */
export function knownNumbers({ events, tree, links }: CausalGraph): KnownNumbers[] {
  const known: KnownNumbers[] = tree.hops.map(({ span, events: members }) => {
    const numbers: number[] = []
    for (const index of members) {
      const number = events[index]?.number
      if (number !== null && number !== undefined) numbers.push(number)
    }
    return { span, numbers, atLeast: 0 }
  })
  for (const link of links) {
    const caller = known[link.caller]
    if (caller) caller.atLeast = Math.max(caller.atLeast, link.callNumber)
  }
  const unseen = new Map<string, KnownNumbers>()
  for (const { callee } of events) {
    if (!callee) continue
    const hop = known[tree.bySpan.get(callee.span) ?? -1] ?? unseen.get(callee.span) ?? { span: callee.span, numbers: [], atLeast: 0 }
    hop.atLeast = Math.max(hop.atLeast, callee.last)
    if (!tree.bySpan.has(callee.span)) unseen.set(callee.span, hop)
  }
  return [...known, ...unseen.values()]
}
