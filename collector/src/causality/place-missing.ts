import type { MissingRun } from './completeness.js'
import type { CausalGraph } from './graph.js'
import { countNumbers } from './links.js'

/** One row of a session: an event (its position in `events`) or a run of absent numbers. */
export type PlacedRow = { event: number } | { missing: MissingRun }

/** The events of its hop that stand before and after a run of absent numbers; −1 where there is none. */
export function findNeighbours({ tree }: CausalGraph, { span, from, to }: Pick<MissingRun, 'span' | 'from' | 'to'>): Neighbours {
  const hop = tree.hops[tree.bySpan.get(span) ?? -1]
  if (!hop) return { before: -1, after: -1 }
  return { before: hop.events[countNumbers(hop, from) - 1] ?? -1, after: hop.events[countNumbers(hop, to)] ?? -1 }
}

export interface Neighbours {
  before: number
  after: number
}

/**
 * Puts each missing run at its place in an order: before the hop's next event, else after its last one; a hop of which
 * nothing came stands before the return that names it, else at the end.
 */
export function placeMissing(graph: CausalGraph, order: Int32Array, missing: readonly MissingRun[]): PlacedRow[] {
  const before = new Map<number, MissingRun[]>()
  const after = new Map<number, MissingRun[]>()
  const atEnd: MissingRun[] = []
  const namedBy = new Map<string, number>()
  for (const event of order) {
    const callee = graph.events[event]?.callee
    if (callee && !namedBy.has(callee.span)) namedBy.set(callee.span, event)
  }
  for (const run of missing) {
    const hop = graph.tree.hops[graph.tree.bySpan.get(run.span) ?? -1]
    const last = hop?.events.at(-1)
    const next = hop ? hop.events[countNumbers(hop, run.to)] : namedBy.get(run.span)
    if (next !== undefined) append(before, next, run)
    else if (last !== undefined) append(after, last, run)
    else atEnd.push(run)
  }
  const rows: PlacedRow[] = []
  for (const event of order) {
    for (const run of before.get(event) ?? []) rows.push({ missing: run })
    rows.push({ event })
    for (const run of after.get(event) ?? []) rows.push({ missing: run })
  }
  for (const run of atEnd) rows.push({ missing: run })
  return rows
}

function append(map: Map<number, MissingRun[]>, key: number, run: MissingRun): void {
  const list = map.get(key)
  if (list) list.push(run)
  else map.set(key, [run])
}
