import type { StoredAbsence, StoredNode } from '@groundtrack/db'
import type { MissingState } from '../api.js'
import { findMissing, type MissingRun } from '../causality/index.js'
import { groupBy } from './group-by.js'
import { LOOSE_SPAN, type HopSum } from './merge-parts.js'
import { findProducers } from './producers.js'

export type MissingByState = Partial<Record<MissingState, number>>

/** How many numbers each state has. */
export function sumByState(runs: readonly Pick<MissingRun, 'from' | 'to' | 'state'>[]): MissingByState {
  const sums: MissingByState = {}
  for (const { from, to, state } of runs) sums[state] = (sums[state] ?? 0) + to - from + 1
  return sums
}

/** Numbers that are known to be absent: what is unknowable is none of them. */
export function totalOf(sums: MissingByState): number {
  return Object.entries(sums).reduce((total, [state, count]) => (state === 'unknowable' ? total : total + count), 0)
}

/**
 * The same from parts and absences alone, without the events: the parts say how many numbers of a hop are there, not which, and
 * that is enough for sums.
 */
export function countMissingOfParts(
  sums: readonly HopSum[],
  absences: readonly StoredAbsence[],
  nodes: ReadonlyMap<number, StoredNode>,
  nowMs: number,
): MissingByState {
  const producers = findProducers({ sums, absences }, nodes, nowMs)
  const hops = new Map<string, HopSum | undefined>(absences.map(({ span }) => [span, undefined]))
  for (const sum of sums) hops.set(sum.span, sum)
  const absencesOf = groupBy(absences, ({ span }) => span)
  const total: MissingByState = {}
  for (const [span, sum] of hops) {
    if (span === LOOSE_SPAN) continue
    const isNative = (nodes.get(sum?.nodeId ?? -1)?.origin ?? 'native') === 'native'
    const atLeast = Math.max(sum?.lastNumber ?? 0, sum?.atLeast ?? 0)
    const own = absencesOf.get(span) ?? []
    if (own.length === 0 && atLeast === sum?.numbered) continue
    const hop = { span, numbers: [], atLeast, isNative, producer: producers.get(span) ?? ('settled' as const) }
    const states = sumByState(findMissing([hop], own))
    takeAway(states, sum?.numbered ?? 0)
    for (const [state, count] of statesOf(states)) if (count > 0) total[state] = (total[state] ?? 0) + count
  }
  return total
}

/** Numbers that are there are those that nobody gave up; should there be more, forged data counts one number twice. */
function takeAway(states: MissingByState, count: number): void {
  let rest = count
  for (const state of ['unknowable', 'expected', 'died', 'unexplained', 'dropped', 'rejected'] as const) {
    const known = states[state] ?? 0
    states[state] = Math.max(0, known - rest)
    rest = Math.max(0, rest - known)
  }
}

function statesOf(states: MissingByState): [MissingState, number][] {
  return Object.entries(states) as [MissingState, number][]
}
