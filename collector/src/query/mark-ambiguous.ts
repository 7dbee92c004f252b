import type { CausalGraph } from '../causality/index.js'

/**
 * 1 for each event whose place rests on no proof: its hop's caller is a guess among several, its number stands twice in its hop,
 * or its wire numbers nothing, so that it stands by time. An open without a number begins its hop all the same, a close ends it.
 */
export function markAmbiguous({ events, tree, links }: CausalGraph): Uint8Array {
  const ambiguous = new Uint8Array(events.length)
  for (let h = 0; h < tree.hops.length; h++) {
    const isGuess = links[h]?.by === 'guess'
    let previous = -1
    for (const index of tree.hops[h]?.events ?? []) {
      const event = events[index]
      if (!event) continue
      if (event.number === null) ambiguous[index] = isGuess || (event.kind !== 'open' && event.kind !== 'close') ? 1 : 0
      else if (isGuess) ambiguous[index] = 1
      if (event.number === null) continue
      if (previous >= 0 && events[previous]?.number === event.number) ambiguous[previous] = ambiguous[index] = 1
      previous = index
    }
  }
  return ambiguous
}
