import type { ClockSkew, ClockStep } from './skew.js'

/**
 * By clock, microseconds: what its times are to be lessened by, so that those of one node go on steadily through its steps and, where
 * an edge ties the node to the root's, read as by the root's clock. Null where nothing is known of the clock.
 *
 * What is measured holds. A clock from before or after a step that is bounded from one side only, or not at all, is read as its
 * node's other clock and the step say: the possible value nearest 0 may be the one before the step, and would leave the step in.
 */
export function offsetClocks(clocks: readonly ClockSkew[], steps: readonly ClockStep[]): (number | null)[] {
  const offsets = clocks.map(({ offsetMicros }) => offsetMicros)
  for (const node of new Set(steps.map((step) => step.node))) {
    const own = steps.filter((step) => step.node === node)
    const members = [...new Set(own.flatMap(({ before, after }) => [before, after]))]
    const measured = members.filter((clock) => clocks[clock]?.kind === 'measured' && offsets[clock] !== null)
    const first = Math.min(...members)
    const trusted = new Map<number, number>(measured.map((clock) => [clock, offsets[clock] ?? 0]))
    if (trusted.size === 0) trusted.set(first, offsets[first] ?? 0)
    while (spread(own, trusted)) continue
    for (const [clock, micros] of trusted) offsets[clock] = micros
  }
  return offsets
}

/** Whether any clock next to a trusted one was added. */
function spread(steps: readonly ClockStep[], trusted: Map<number, number>): boolean {
  const known = trusted.size
  for (const { before, after, stepMicros } of steps) {
    const from = trusted.get(before)
    const to = trusted.get(after)
    if (from !== undefined && to === undefined) trusted.set(after, from + stepMicros)
    else if (to !== undefined && from === undefined) trusted.set(before, to - stepMicros)
  }
  return trusted.size > known
}
