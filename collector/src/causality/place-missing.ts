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
 * nothing came stands before the return that names it, else at the end. A row is an event, by its index, or a run: −1 less its index.
 */
export function placeRows(graph: CausalGraph, order: Int32Array, missing: readonly MissingRun[]): Int32Array {
  if (missing.length === 0) return order
  const namedBy = findNaming(graph, order, missing)
  const count = order.length
  // By event the first run that stands right before it, and right after it; by run the next one at the same place.
  const before = new Int32Array(count).fill(-1)
  const after = new Int32Array(count).fill(-1)
  const following = new Int32Array(missing.length).fill(-1)
  const atEnd: number[] = []
  for (let run = missing.length - 1; run >= 0; run--) {
    const { span, to } = missing[run] ?? { span: '', to: 0 }
    const hop = graph.tree.hops[graph.tree.bySpan.get(span) ?? -1]
    const last = hop?.events.at(-1)
    const next = hop ? hop.events[countNumbers(hop, to)] : namedBy.get(span)
    const list = next === undefined ? after : before
    const event = next ?? last
    if (event === undefined) {
      atEnd.push(run)
      continue
    }
    following[run] = list[event] ?? -1
    list[event] = run
  }
  const rows = new Int32Array(count + missing.length)
  let written = 0
  const write = (first: number) => {
    for (let run = first; run >= 0; run = following[run] ?? -1) rows[written++] = -1 - run
  }
  for (const event of order) {
    write(before[event] ?? -1)
    rows[written++] = event
    write(after[event] ?? -1)
  }
  for (const run of atEnd.toReversed()) rows[written++] = -1 - run
  return rows
}

/** The same as objects. */
export function placeMissing(graph: CausalGraph, order: Int32Array, missing: readonly MissingRun[]): PlacedRow[] {
  return Array.from(placeRows(graph, order, missing), (row) => {
    const run = row < 0 ? missing[-1 - row] : undefined
    return run ? { missing: run } : { event: row }
  })
}

/** The first event that names each hop of which nothing came. */
function findNaming({ events, tree }: CausalGraph, order: Int32Array, missing: readonly MissingRun[]): Map<string, number> {
  const namedBy = new Map<string, number>()
  if (missing.every(({ span }) => tree.bySpan.has(span))) return namedBy
  for (const event of order) {
    const callee = events[event]?.callee
    if (callee && !namedBy.has(callee.span)) namedBy.set(callee.span, event)
  }
  return namedBy
}
