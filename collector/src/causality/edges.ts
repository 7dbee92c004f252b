import type { CausalEvent } from './event.js'
import type { CausalEdges } from './graph.js'
import { deriveHops, type CausalHop } from './hops.js'
import { countNumbers, linkHops } from './links.js'
import { rankEvents } from './rank.js'

/** The edges, and whether they are the same whatever the times: then other times change no more than what comes first. */
export interface FoundEdges {
  edges: CausalEdges
  isTimeless: boolean
}

/** `drawn`: by event, microseconds; it decides where numbers and ids don't. */
export function* findEdges(events: readonly CausalEvent[], drawn: Float64Array): Generator<void, FoundEdges, void> {
  const ranking = rankEvents(events, drawn)
  yield
  const tree = yield* deriveHops(events, ranking, drawn)
  yield
  const { links, cutHops, hopOf, placeOf, isTimed } = yield* linkHops(events, tree, drawn)
  yield
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
  yield
  const edges = { events, drawn, ...ranking, tree, links, cutHops, hopOf, placeOf, before, cause, answer }
  return { edges, isTimeless: !isTimed && tree.hops.every((hop) => isCounted(events, hop)) }
}

/** Whether each event of a hop has a number of its own. */
function isCounted(events: readonly CausalEvent[], hop: CausalHop): boolean {
  let last = -Infinity
  for (const index of hop.events) {
    const number = events[index]?.number ?? null
    if (number === null || number <= last) return false
    last = number
  }
  return true
}
