import type { StoredAbsence, StoredNode } from '@groundtrack/db'
import type { HopNumbers } from '../causality/index.js'
import type { HopSum } from './merge-parts.js'
import { presenceOf } from './presence.js'

export type Producer = HopNumbers['producer']

/** Numbers that are absent so soon after something of their hop arrived may still come. */
export const EXPECTED_MICROS = 600_000_000

/**
 * Where the producer of each hop is, by span; of hops that only an absence names too. Of a hop that only a return names nothing
 * arrived, so the session's last arrival counts.
 */
export function findProducers(
  { sums, absences }: { sums: readonly HopSum[]; absences: readonly StoredAbsence[] },
  nodes: ReadonlyMap<number, StoredNode>,
  nowMs: number,
): Map<string, Producer> {
  const last = sums.reduce((greatest, sum) => Math.max(greatest, sum.receivedMicros), 0)
  const producers = new Map<string, Producer>()
  for (const sum of sums) producers.set(sum.span, judge(nodes.get(sum.nodeId ?? -1), sum.receivedMicros || last, nowMs))
  for (const { span, nodeId, receivedMicros } of absences)
    if (!producers.has(span)) producers.set(span, judge(nodes.get(nodeId), receivedMicros, nowMs))
  return producers
}

function judge(node: StoredNode | undefined, arrivedMicros: number, nowMs: number): Producer {
  if (presenceOf(node) === 'gone') return 'gone'
  return arrivedMicros + EXPECTED_MICROS > nowMs * 1_000 ? 'sending' : 'settled'
}
