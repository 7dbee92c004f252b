import type { NodeSkew, SessionView } from '@groundtrack/collector/api'
import { epochMs } from './instant'

/** How far a clock is ahead, in milliseconds; `error` null: nothing bounds it. */
export interface Skew {
  offset: number
  error: number | null
  kind?: NodeSkew['kind']
}

interface Bounds {
  least: number
  most: number
}

/**
 * Clocks that contradict the calls of this session, in milliseconds ahead of the first step's process. A callee opens after
 * its call was sent and before the answer came; where that is impossible by the clocks as they are, the bounds say by how much
 * they differ. A clock that contradicts nothing is left alone. The collector's own measurement, where there is one, goes first.
 */
export function boundSkew(view: SessionView): ReadonlyMap<string, Skew> {
  const pairs = boundPairs(view)
  const known = new Map<string, Skew>()
  const first = view.hops[0]?.node
  const waiting = first === undefined ? [] : [first]
  if (first !== undefined) known.set(first, { offset: 0, error: 0 })
  for (let caller = waiting.pop(); caller !== undefined; caller = waiting.pop())
    for (const [callee, bounds] of pairs.get(caller) ?? []) {
      if (known.has(callee)) continue
      const from = known.get(caller) ?? { offset: 0, error: 0 }
      const between = skewOf(bounds)
      known.set(callee, { offset: from.offset + between.offset, error: sumOrNull(from.error, between.error) })
      waiting.push(callee)
    }
  return known
}

/** The difference must lie between the bounds; 0 where it may, else the middle. */
function skewOf({ least, most }: Bounds): Skew {
  if (least <= 0 && most >= 0) return { offset: 0, error: 0 }
  if (!Number.isFinite(least) || !Number.isFinite(most)) return { offset: Number.isFinite(most) ? most : least, error: null }
  return { offset: (least + most) / 2, error: Math.abs(most - least) / 2 }
}

/** For each process and each that it called, or was called by: between which values the difference of their clocks lies. */
function boundPairs(view: SessionView): Map<string, Map<string, Bounds>> {
  const hops = new Map(view.hops.map((hop) => [hop.span, hop]))
  const pairs = new Map<string, Map<string, Bounds>>()
  for (const call of view.calls) {
    const caller = hops.get(call.span)
    for (const span of call.callees) {
      const callee = hops.get(span)
      if (caller === undefined || callee === undefined || caller.node === callee.node) continue
      const opened = epochMs(callee.opened)
      const most = opened - epochMs(call.started)
      const answered = call.ended !== undefined && call.status !== 'oneway' && call.status !== 'timeout'
      const least = call.ended !== undefined && answered ? opened - epochMs(call.ended) : -Infinity
      narrow(pairs, caller.node, callee.node, { least, most })
      narrow(pairs, callee.node, caller.node, { least: -most, most: -least })
    }
  }
  return pairs
}

function narrow(pairs: Map<string, Map<string, Bounds>>, from: string, to: string, bounds: Bounds): void {
  const row = pairs.get(from) ?? new Map<string, Bounds>()
  const before = row.get(to) ?? { least: -Infinity, most: Infinity }
  row.set(to, { least: Math.max(before.least, bounds.least), most: Math.min(before.most, bounds.most) })
  pairs.set(from, row)
}

function sumOrNull(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other
}
