import type { StoredPart } from '@groundtrack/db'
import { findRoot, type HopSum } from './merge-parts.js'

/** When a session began, microseconds since the epoch, on the clock of its root; where no root was seen, the least that any clock says. */
export function startedMicros(sums: readonly HopSum[]): number {
  const root = sums[findRoot(sums)]
  const atRoot = root?.openedMicros ?? root?.firstMicros
  if (atRoot !== undefined && atRoot !== null) return atRoot
  const least = sums.reduce((micros, sum) => Math.min(micros, sum.firstMicros ?? Infinity), Infinity)
  return Number.isFinite(least) ? least : 0
}

/**
 * The longest that a session took on any one node's clock. Times of two nodes are never subtracted, so a clock that is ahead
 * stretches nothing. db/src/queries/session-figures.ts says the same in SQL; a test holds the two together.
 */
export function longestMicros(parts: readonly StoredPart[]): number {
  const bounds = new Map<number, { first: number; last: number }>()
  let longest = 0
  for (const { nodeId, events, firstMicros, lastMicros } of parts) {
    if (nodeId === null || events === 0) continue
    const bound = bounds.get(nodeId) ?? { first: firstMicros, last: lastMicros }
    bounds.set(nodeId, bound)
    bound.first = Math.min(bound.first, firstMicros)
    bound.last = Math.max(bound.last, lastMicros)
    longest = Math.max(longest, bound.last - bound.first)
  }
  return longest
}
