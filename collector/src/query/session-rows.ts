import { listEventBodies, matchSessionEvents, type Filter, type ProjectReader, type StoredEvent } from '@groundtrack/db'
import type { SessionRow } from '../api.js'
import { orderByCall, orderByCause, orderByClock, placeMissing, type PlacedRow } from '../causality/index.js'
import type { LoadedSession } from './loaded-session.js'
import { eventId, presentEvent } from './present-event.js'

export type RowOrder = 'tree' | 'cause' | 'clock'

/** The rows of a session in one order, each with its place in it. Marks go by index of the event. */
export interface OrderedRows {
  rows: { row: PlacedRow; position: number }[]
  isFiltered: boolean
  concurrent?: Uint8Array
  inversion?: Uint8Array
}

export function orderRows({ graph, missing }: LoadedSession, by: RowOrder): OrderedRows {
  const place = (order: Int32Array) => placeMissing(graph, order, missing).map((row, position) => ({ row, position }))
  if (by === 'tree') return { rows: place(orderByCall(graph).order), isFiltered: false }
  if (by === 'cause') {
    const { order, concurrent } = orderByCause(graph)
    return { rows: place(order), isFiltered: false, concurrent: byEvent(order, concurrent) }
  }
  const { order, inversion } = orderByClock(graph)
  return { rows: place(order), isFiltered: false, inversion: byEvent(order, inversion) }
}

/** Only the events that satisfy the filter; missing rows say nothing of themselves, so they go. */
export async function filterRows(
  reader: ProjectReader,
  session: LoadedSession,
  ordered: OrderedRows,
  filter: Filter,
  now: Date,
): Promise<OrderedRows> {
  const matches = await matchSessionEvents(reader, session.bounds, filter, now)
  const ids = new Set(matches.map((key) => eventId(key.flushId, key.ordinal)))
  const rows = ordered.rows.filter(({ row }) => 'event' in row && ids.has(session.graph.events[row.event]?.id ?? ''))
  return { ...ordered, rows, isFiltered: true }
}

/** Index in `rows` of the event `{span}:{n}` or with that id, or of the first row behind it; 0 where it is unknown. */
export function findRow({ graph }: LoadedSession, ordered: OrderedRows, all: OrderedRows, at: string): number {
  const [, span, n] = /^([0-9a-f]{16}):(\d{1,10})$/.exec(at) ?? []
  const number = Number(n)
  const found = all.rows.find(({ row }) => {
    if ('missing' in row) return row.missing.span === span && row.missing.from <= number && number <= row.missing.to
    const event = graph.events[row.event]
    return span === undefined ? event?.id === at : event?.span === span && event.number === number
  })
  if (!found) return 0
  const index = ordered.rows.findIndex(({ position }) => position >= found.position)
  return index < 0 ? Math.max(0, ordered.rows.length - 1) : index
}

/** Rows `from` inclusive to `to` exclusive, with their bodies. */
export async function presentRows(
  reader: ProjectReader,
  session: LoadedSession,
  ordered: OrderedRows,
  from: number,
  to: number,
): Promise<SessionRow[]> {
  const window = ordered.rows.slice(from, to)
  const keys = window.flatMap(({ row }) => ('event' in row ? [session.rows[row.event]].filter((key) => key !== undefined) : []))
  const bodies = keys.length === 0 ? [] : await listEventBodies(reader, session.bounds, keys)
  const byId = new Map<string, StoredEvent>(bodies.map((body) => [eventId(body.flushId, body.ordinal), body]))
  const rows: SessionRow[] = []
  for (const { row, position } of window) {
    const place = ordered.isFiltered ? { position } : {}
    if ('missing' in row) {
      rows.push({ kind: 'missing', ...row.missing, ...place })
      continue
    }
    const body = byId.get(session.graph.events[row.event]?.id ?? '')
    // Retention may have dropped a partition since the session was ordered.
    if (!body) continue
    rows.push({
      ...presentEvent(body, session.nodes.get(body.nodeId)),
      ...(ordered.concurrent?.[row.event] === 1 && { concurrent: true }),
      ...(ordered.inversion?.[row.event] === 1 && { inversion: true }),
      ...place,
    })
  }
  return rows
}

function byEvent(order: Int32Array, marks: Uint8Array): Uint8Array {
  const byIndex = new Uint8Array(marks.length)
  for (let place = 0; place < order.length; place++) byIndex[order[place] ?? 0] = marks[place] ?? 0
  return byIndex
}
