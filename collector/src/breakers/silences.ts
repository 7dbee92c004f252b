import type { RegistryGap, StoredNodeChange } from '@groundtrack/db'

/** A time (microseconds) in which nobody heard of a breaker's reporter. */
export interface Silence {
  from: number
  to: number
}

/** When a node wasn't heard of, up to `to`: it was stale or gone, or nobody listened. `changes`: of the node, oldest first. */
export function listSilences(changes: readonly StoredNodeChange[], gaps: readonly RegistryGap[], to: number): Silence[] {
  const silences: Silence[] = gaps.map(({ fromMicros, toMicros }) => ({ from: fromMicros, to: Math.min(toMicros, to) }))
  const first = changes[0]
  if (first && first.was !== null && first.was !== 'up') silences.push({ from: -Infinity, to: Math.min(first.micros, to) })
  for (const [i, { micros, state }] of changes.entries()) {
    if (state !== 'up') silences.push({ from: micros, to: Math.min(changes[i + 1]?.micros ?? to, to) })
  }
  return silences.filter((silence) => silence.to > silence.from)
}
