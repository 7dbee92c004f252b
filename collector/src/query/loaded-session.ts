import {
  listAbsences,
  listSessionEvents,
  listSessionParts,
  unpackEvents,
  type PackedEvents,
  type ProjectReader,
  type SessionBounds,
  type StoredAbsence,
  type StoredNode,
  type StoredPart,
} from '@groundtrack/db'
import { buildInSteps, deriveCalls, orderByCall, type Call, type CallOrder, type CausalGraph } from '../causality/index.js'
import { LoadedEvent, type SharedHop } from './loaded-event.js'
import { loadNodes } from './load-summaries.js'
import { markAmbiguous } from './mark-ambiguous.js'
import { markLate } from './mark-late.js'
import { mergeParts, type HopSum } from './merge-parts.js'
import { inSlices } from './slices.js'

/** A session without the bodies of its events, ordered. `rows`, the marks and the graph's events go by the same index. */
export interface LoadedSession {
  bounds: SessionBounds
  parts: readonly StoredPart[]
  absences: readonly StoredAbsence[]
  sums: readonly HopSum[]
  /** As of when it was loaded: presence moves on. */
  nodes: ReadonlyMap<number, StoredNode>
  rows: readonly LoadedEvent[]
  graph: CausalGraph
  byCall: CallOrder
  /** In the order of `byCall`. */
  calls: readonly Call[]
  /** By node, microseconds: how far its clock was ahead of the collector's, less the fastest of its events' way here. */
  clockLeads: ReadonlyMap<string, number>
  late: Uint8Array
  ambiguous: Uint8Array
}

/** Reads and orders the events of a session. Cost: about 3 µs an event, the event loop left in between. Without parts it comes out empty. */
export async function loadSession(reader: ProjectReader, session: string): Promise<LoadedSession> {
  const [parts, absences] = await Promise.all([listSessionParts(reader, [session]), listAbsences(reader, [session])])
  const bounds = boundsOf(session, parts)
  const [nodes, flushes] = await Promise.all([loadNodes(reader, nodeIdsOf({ parts, absences })), listSessionEvents(reader, bounds)])
  return inSlices(assemble({ bounds, parts, absences, nodes }, flushes))
}

type Stored = Pick<LoadedSession, 'bounds' | 'parts' | 'absences' | 'nodes'>

function* assemble(stored: Stored, flushes: readonly PackedEvents[]): Generator<void, LoadedSession, void> {
  const sums = mergeParts(stored.parts)
  yield
  const rows = yield* unpackRows(flushes, sums, stored.nodes)
  const graph = yield* buildInSteps(rows)
  const receivedOf = new Map(stored.parts.map((part) => [part.flushId, part.receivedMicros]))
  const received = Float64Array.from(rows, (row) => receivedOf.get(row.flushId) ?? stored.bounds.receivedTo)
  yield
  const byCall = orderByCall(graph)
  yield
  const calls = deriveCalls(graph, byCall.order)
  yield
  const clockLeads = estimateLeads(graph, received)
  const late = markLate(graph, received)
  yield
  return { ...stored, sums, rows, graph, byCall, calls, clockLeads, late, ambiguous: markAmbiguous(graph) }
}

function* unpackRows(
  flushes: readonly PackedEvents[],
  sums: readonly HopSum[],
  nodes: ReadonlyMap<number, StoredNode>,
): Generator<void, LoadedEvent[], void> {
  const hops = new Map<string, SharedHop>(sums.map(({ span, path }) => [span, { span, path }]))
  const rows: LoadedEvent[] = []
  for (const flush of flushes) {
    const columns = unpackEvents(flush)
    for (let i = 0; i < columns.spans.length; i++) {
      const span = columns.spans[i] ?? ''
      rows.push(new LoadedEvent(columns, i, hops.get(span) ?? { span, path: [] }, nodes.get(columns.nodeIds[i] ?? -1)))
    }
    yield
  }
  return rows
}

function estimateLeads({ events }: CausalGraph, received: Float64Array): Map<string, number> {
  const leads = new Map<string, number>()
  for (const [i, { node, timeMicros }] of events.entries()) {
    const lead = timeMicros - (received[i] ?? 0)
    if (lead > (leads.get(node) ?? -Infinity)) leads.set(node, lead)
  }
  return leads
}

/** Row ids of the nodes that had to do with a session. */
export function nodeIdsOf({ parts, absences }: Pick<LoadedSession, 'parts' | 'absences'>): Set<number | null> {
  return new Set([...parts, ...absences].map((row) => row.nodeId))
}

function boundsOf(session: string, parts: readonly StoredPart[]): SessionBounds {
  let receivedFrom = Infinity
  let receivedTo = -Infinity
  for (const part of parts) {
    receivedFrom = Math.min(receivedFrom, part.receivedMicros)
    receivedTo = Math.max(receivedTo, part.receivedMicros)
  }
  return parts.length === 0 ? { session, receivedFrom: 0, receivedTo: 0 } : { session, receivedFrom, receivedTo }
}
