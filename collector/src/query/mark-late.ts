import { orderByCause, type CausalGraph } from '../causality/index.js'

/** What arrives that much after its consequences, or that much slower than the fastest of its node, was not there when the session was read. */
const LATE_MICROS = 30_000_000

/**
 * 1 for each event that came after its place in the session could be seen: something that it caused had arrived half a minute
 * before, or it took half a minute longer than the fastest event of its node here. Times of two clocks are never compared but for
 * the difference between two transits from one node. Linear; nothing to do where all arrived within half a minute.
 */
export function markLate(graph: CausalGraph, received: Float64Array): Uint8Array {
  const late = new Uint8Array(received.length)
  const first = received.reduce((least, micros) => Math.min(least, micros), Infinity)
  if (received.every((micros) => micros - first < LATE_MICROS)) return late
  const seen = consequencesSeen(graph, received)
  const fastest = fastestTransits(graph, received)
  for (const [i, event] of graph.events.entries()) {
    const arrived = received[i] ?? 0
    const transit = arrived - event.timeMicros
    const isSlow = event.number !== null && transit - (fastest.get(event.node) ?? transit) >= LATE_MICROS
    if (isSlow || arrived - (seen[i] ?? Infinity) >= LATE_MICROS) late[i] = 1
  }
  return late
}

/** When the first of all that each event caused arrived; Infinity where it caused nothing known. */
function consequencesSeen(graph: CausalGraph, received: Float64Array): Float64Array {
  const seen = new Float64Array(received.length).fill(Infinity)
  for (const event of orderByCause(graph).order.toReversed()) {
    const own = Math.min(seen[event] ?? Infinity, received[event] ?? Infinity)
    for (const cause of [graph.before[event], graph.cause[event], graph.answer[event]])
      if (cause !== undefined && cause >= 0) seen[cause] = Math.min(seen[cause] ?? Infinity, own)
  }
  return seen
}

function fastestTransits(graph: CausalGraph, received: Float64Array): Map<string, number> {
  const fastest = new Map<string, number>()
  for (const [i, { node, number, timeMicros }] of graph.events.entries()) {
    const transit = (received[i] ?? 0) - timeMicros
    if (number !== null && transit < (fastest.get(node) ?? Infinity)) fastest.set(node, transit)
  }
  return fastest
}
