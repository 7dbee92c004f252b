import type { StoredNode } from '@groundtrack/db'
import { stateOfGap, type MissingRun } from '../causality/index.js'
import type { JudgedGaps } from './judge-gaps.js'
import type { LoadedSession } from './loaded-session.js'
import { orderRows, type OrderedRows, type RowOrder } from './order-rows.js'
import { findProducers } from './producers.js'

/** A session as it stands now: presence, the ledger and time say what its gaps mean. */
export interface ExplainedSession extends LoadedSession {
  missing: readonly MissingRun[]
  /** The rows in an order, made once. */
  inOrder(by: RowOrder): OrderedRows
}

interface Explained {
  /** Where the producers of the hops were, and what the ledger said of the gaps. */
  key: string
  missing: readonly MissingRun[]
  orders: Map<RowOrder, OrderedRows>
}

/** What was last made of each session that is in memory. */
const latest = new WeakMap<LoadedSession['graph'], Explained>()

/** The orders are made anew only when a producer went away, its time ran out, or the ledger says something else of a gap. Cost otherwise: one look at each hop. */
export function explainSession(
  session: LoadedSession,
  nodes: ReadonlyMap<number, StoredNode>,
  { runs, verdicts }: JudgedGaps,
  nowMs: number,
): ExplainedSession {
  const producers = findProducers(session, nodes, nowMs)
  const key = [...producers.values(), ...verdicts.values()].join(' ')
  const explain = (run: MissingRun, position: number): MissingRun =>
    run.state === 'unexplained'
      ? { ...run, state: stateOfGap(producers.get(run.span) ?? 'settled', verdicts.get(position) ?? 'unknown') }
      : run
  const known = latest.get(session.graph)
  const explained = known?.key === key ? known : { key, missing: runs.map(explain), orders: new Map() }
  latest.set(session.graph, explained)
  const { missing, orders } = explained
  return {
    ...session,
    nodes,
    missing,
    inOrder(by) {
      const rows = orders.get(by) ?? orderRows(session, missing, by)
      orders.set(by, rows)
      return rows
    },
  }
}
