import { DRIFT_MICROS } from './clock-steps.js'
import type { Clocks, Crossings } from './clocks.js'
import type { CausalEdges } from './graph.js'
import type { ClockSkew } from './skew.js'

/**
 * Where a clock was set more than once, events between its steps may have been given to a side that they were not read on. As soon as an
 * edge proves one wrong, all such events of that node are given a clock of their own, of which nothing is known. Answers which nodes got
 * one, in the order of the clocks added. Cost: linear in events and crossings.
 */
export function doubtEvents(
  edges: Pick<CausalEdges, 'events' | 'before'>,
  { nodes, readOff, provenBy }: Clocks,
  crossings: Crossings,
  skews: readonly ClockSkew[],
): string[] {
  const { events, before } = edges
  const doubted = new Map<string, number>()
  const judge = (earlier: number, later: number) => {
    if (earlier < 0 || (provenBy[earlier] !== -1 && provenBy[later] !== -1)) return
    if (!isBackwards(edges, skews[readOff[earlier] ?? -1], earlier, skews[readOff[later] ?? -1], later)) return
    for (const event of [earlier, later]) {
      const node = events[event]?.node ?? ''
      if (provenBy[event] === -1 && !doubted.has(node)) doubted.set(node, nodes.length + doubted.size)
    }
  }
  for (const [i, earlier] of crossings.from.entries()) judge(earlier, crossings.to[i] ?? -1)
  for (const [later, earlier] of before.entries()) if (readOff[earlier] !== readOff[later]) judge(earlier, later)
  if (doubted.size === 0) return []
  for (const [event, { node }] of events.entries()) {
    const clock = doubted.get(node)
    if (clock !== undefined && provenBy[event] === -1) readOff[event] = clock
  }
  return [...doubted.keys()]
}

/** Whether the later event would have happened before the earlier one, if both clocks were what they are measured to be. */
function isBackwards(
  { events }: Pick<CausalEdges, 'events'>,
  from: ClockSkew | undefined,
  earlier: number,
  to: ClockSkew | undefined,
  later: number,
): boolean {
  if (from?.errorMicros == null || to?.errorMicros == null || from.offsetMicros === null || to.offsetMicros === null) return false
  const apart = (events[later]?.timeMicros ?? 0) - (events[earlier]?.timeMicros ?? 0)
  return apart + from.errorMicros + to.errorMicros + 2 * DRIFT_MICROS < to.offsetMicros - from.offsetMicros
}
