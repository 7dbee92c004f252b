import type { StoredNode } from '@groundtrack/db'
import { findMissing, knownNumbers, type MissingRun } from '../causality/index.js'
import type { LoadedSession } from './loaded-session.js'
import { LOOSE_SPAN } from './merge-parts.js'
import { orderRows, type OrderedRows, type RowOrder } from './order-rows.js'
import { findProducers, type Producer } from './producers.js'

/** A session as it stands now: presence and time say what its gaps mean. */
export interface ExplainedSession extends LoadedSession {
  missing: readonly MissingRun[]
  /** The rows in an order, made once. */
  inOrder(by: RowOrder): OrderedRows
}

interface Explained {
  /** Where the producers of the hops were. */
  producers: string
  missing: readonly MissingRun[]
  orders: Map<RowOrder, OrderedRows>
}

/** What was last made of each session that is in memory. */
const latest = new WeakMap<LoadedSession['graph'], Explained>()

/** The gaps and orders are made anew only when a producer went away or its time ran out. Cost otherwise: one look at each hop. */
export function explainSession(session: LoadedSession, nodes: ReadonlyMap<number, StoredNode>, nowMs: number): ExplainedSession {
  const producers = findProducers(session, nodes, nowMs)
  const key = [...producers.values()].join(' ')
  const known = latest.get(session.graph)
  const explained = known?.producers === key ? known : { producers: key, missing: findAbsent(session, producers), orders: new Map() }
  latest.set(session.graph, explained)
  const { missing, orders } = explained
  return {
    ...session,
    nodes,
    missing,
    inOrder(by) {
      const rows = orders.get(by) ?? orderRows(session.graph, missing, by)
      orders.set(by, rows)
      return rows
    },
  }
}

function findAbsent({ sums, graph, absences, nodes }: LoadedSession, producers: ReadonlyMap<string, Producer>): readonly MissingRun[] {
  const nodeIdOf = new Map(sums.map((sum) => [sum.span, sum.nodeId]))
  const known = knownNumbers(graph)
  const spans = new Set(known.map(({ span }) => span))
  for (const { span } of absences) {
    if (spans.has(span) || span === LOOSE_SPAN) continue
    spans.add(span)
    known.push({ span, numbers: [], atLeast: 0 })
  }
  const hops = known.map((hop) => {
    const node = nodes.get(nodeIdOf.get(hop.span) ?? -1)
    return { ...hop, isNative: (node?.origin ?? 'native') === 'native', producer: producers.get(hop.span) ?? ('settled' as const) }
  })
  return findMissing(
    hops,
    absences.map(({ span, from, to, state, reason }) => ({ span, from, to, state, reason })),
  )
}
