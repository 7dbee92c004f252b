import {
  KINDS,
  listAbsences,
  listSessionEvents,
  listSessionParts,
  type ProjectReader,
  type SessionBounds,
  type SessionEventRow,
  type StoredAbsence,
  type StoredNode,
  type StoredPart,
} from '@groundtrack/db'
import { buildGraph, findMissing, knownNumbers, type CausalEvent, type CausalGraph, type MissingRun } from '../causality/index.js'
import { loadNodes } from './load-summaries.js'
import { LOOSE_SPAN, mergeParts, type HopSum } from './merge-parts.js'
import { presenceOf } from './presence.js'
import { eventId } from './present-event.js'

/** What the parts say of a session before its events are read. */
export interface SessionOutline {
  bounds: SessionBounds
  parts: StoredPart[]
  absences: StoredAbsence[]
  nodes: Map<number, StoredNode>
}

/** A session without the bodies of its events, ordered and explained. `rows` and the graph's events go by the same index. */
export interface LoadedSession extends SessionOutline {
  sums: HopSum[]
  rows: LoadedRow[]
  graph: CausalGraph
  missing: MissingRun[]
}

/** Where the body of an event lies, and what its kind carries. */
export type LoadedRow = Pick<SessionEventRow, 'flushId' | 'ordinal' | 'detail'>

/** Numbers that are absent so soon after their hop last spoke may still come. */
const EXPECTED_MICROS = 600_000_000

/** Null where there is no such session. Process events have no parts, so they are none. */
export async function loadOutline(reader: ProjectReader, session: string): Promise<SessionOutline | null> {
  const [parts, absences] = await Promise.all([listSessionParts(reader, [session]), listAbsences(reader, [session])])
  if (!parts.some((part) => part.events > 0)) return null
  let receivedFrom = Infinity
  let receivedTo = -Infinity
  for (const part of parts) {
    receivedFrom = Math.min(receivedFrom, part.receivedMicros)
    receivedTo = Math.max(receivedTo, part.receivedMicros)
  }
  const nodes = await loadNodes(
    reader,
    parts.map((part) => part.nodeId),
  )
  return { bounds: { session, receivedFrom, receivedTo }, parts, absences, nodes }
}

/** Reads and orders the events of a session. Cost: about 5 µs an event. */
export async function loadSession(reader: ProjectReader, outline: SessionOutline, nowMs: number): Promise<LoadedSession> {
  const events = await listSessionEvents(reader, outline.bounds)
  const graph = buildGraph(toCausalEvents(events, outline.nodes))
  const sums = mergeParts(outline.parts)
  const rows = events.map(({ flushId, ordinal, detail }) => ({ flushId, ordinal, detail }))
  return { ...outline, sums, rows, graph, missing: findAbsent(outline, sums, graph, nowMs) }
}

function toCausalEvents(rows: readonly SessionEventRow[], nodes: ReadonlyMap<number, StoredNode>): CausalEvent[] {
  // One array a hop instead of one an event.
  const paths = new Map<string, readonly number[]>()
  return rows.map((row) => {
    let path = paths.get(row.span)
    if (path === undefined && row.clock) {
      path = row.clock.slice(0, -1)
      paths.set(row.span, path)
    }
    const { parent, call, callee } = row.detail ?? {}
    return {
      id: eventId(row.flushId, row.ordinal),
      span: row.span === LOOSE_SPAN ? null : row.span,
      number: row.clock?.at(-1) ?? null,
      timeMicros: row.timeMicros,
      node: nodes.get(row.nodeId)?.node ?? '',
      kind: KINDS[row.kind] ?? 'log',
      ...(path && { path }),
      ...(typeof parent === 'string' && { parent }),
      ...(typeof call === 'string' && { call }),
      ...(isCallee(callee) && { callee }),
    }
  })
}

function isCallee(value: unknown): value is { span: string; last: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'span' in value &&
    typeof value.span === 'string' &&
    'last' in value &&
    typeof value.last === 'number'
  )
}

function findAbsent({ absences, nodes }: SessionOutline, sums: readonly HopSum[], graph: CausalGraph, nowMs: number): MissingRun[] {
  const bySpan = new Map(sums.map((sum) => [sum.span, sum]))
  const lastMicros = sums.reduce((greatest, sum) => Math.max(greatest, sum.lastMicros ?? -Infinity), -Infinity)
  const hops = knownNumbers(graph).map((known) => {
    const sum = bySpan.get(known.span)
    const node = sum?.nodeId === undefined || sum.nodeId === null ? undefined : nodes.get(sum.nodeId)
    const isRecent = (sum?.lastMicros ?? lastMicros) + EXPECTED_MICROS > nowMs * 1_000
    const producer = presenceOf(node, nowMs) === 'gone' ? ('gone' as const) : isRecent ? ('sending' as const) : ('settled' as const)
    return { ...known, isNative: node?.origin !== 'mdk', producer }
  })
  return findMissing(
    hops,
    absences.map(({ span, from, to, state, reason }) => ({ span, from, to, state, reason })),
  )
}
