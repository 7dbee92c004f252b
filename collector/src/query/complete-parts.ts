import type { StoredNode } from '@groundtrack/db'
import { isForeign, isWork, LOOSE_SPAN, type HopSum } from './merge-parts.js'

/** The verdict of a list. Whoever is complete here is complete in the session's head too, which knows the events. */
export interface PartsVerdict {
  isComplete: boolean
  /** The same but for hops of other wires. */
  isCompleteAsFarAsKnown: boolean
}

/**
 * What parts say of completeness, `missing` being the count of absent numbers: every hop closed, its caller seen, and of no hop more
 * calls than returns. A call without a return whose callee was seen counts as unanswered here, since parts don't hold calls.
 */
export function judgeParts(sums: readonly HopSum[], nodes: ReadonlyMap<number, StoredNode>, missing: number): PartsVerdict {
  const work = sums.filter(isWork)
  const spans = new Set(sums.filter((sum) => sum.events > 0 && sum.span !== LOOSE_SPAN).map(({ span }) => span))
  const paths = new Set(sums.filter((sum) => sum.numbered > 0).map(({ path }) => path.join('.')))
  const hasCaller = ({ parent, path, atLeast }: HopSum) =>
    atLeast > 0 || (parent !== null && spans.has(parent)) || (path.length > 0 && paths.has(path.slice(0, -1).join('.')))
  const isWhole =
    missing === 0 &&
    work.length > 0 &&
    work.every((hop) => hop.closed !== null || isForeign(hop, nodes)) &&
    sums.every((hop) => hop.unanswered <= 0) &&
    work.every((hop) => hop.path.length === 0 || hasCaller(hop))
  const isOfStrangers = (hop: HopSum) => isWork(hop) && hop.path.length === 0 && hop.parent !== null && !hasCaller(hop)
  const isNative = !sums.some((hop) => isForeign(hop, nodes) || isOfStrangers(hop))
  return { isComplete: isWhole && isNative, isCompleteAsFarAsKnown: isWhole }
}
