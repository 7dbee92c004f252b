import type { StoredPart } from '@groundtrack/db'
import { LOOSE_SPAN } from './merge-parts.js'

interface RootStart {
  hasParent: boolean
  openedMicros: number
  firstMicros: number
}

/**
 * When a session began, microseconds since the epoch: the earliest event of its root, by the root's own clock; where no root was
 * seen, the least that any clock says. db/src/queries/session-start.ts says the same in SQL, and the list is sorted by it.
 */
export function startedMicros(parts: readonly StoredPart[]): number {
  const roots = new Map<string, RootStart>()
  let least = Infinity
  for (const part of parts) {
    if (part.events === 0) continue
    least = Math.min(least, part.firstMicros)
    if (!isOfRoot(part)) continue
    const root = roots.get(part.span) ?? { hasParent: false, openedMicros: Infinity, firstMicros: Infinity }
    roots.set(part.span, root)
    root.hasParent ||= part.parent !== null
    root.openedMicros = Math.min(root.openedMicros, part.openedMicros ?? Infinity)
    root.firstMicros = Math.min(root.firstMicros, part.firstMicros)
  }
  const first = [...roots.values()].toSorted(compareRoots)[0]?.firstMicros ?? least
  return Number.isFinite(first) ? first : 0
}

function isOfRoot({ span, path, numbered, openedMicros }: StoredPart): boolean {
  return span !== LOOSE_SPAN && (path?.length ?? 0) === 0 && (numbered > 0 || openedMicros !== null)
}

function compareRoots(a: RootStart, b: RootStart): number {
  return Number(a.hasParent) - Number(b.hasParent) || compare(a.openedMicros, b.openedMicros) || compare(a.firstMicros, b.firstMicros)
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
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
