import { listEventBodies, matchSessionEvents, type EventPlace, type Filter, type ProjectReader, type StoredEvent } from '@groundtrack/db'
import type { SessionRow } from '../api.js'
import { correctedMicros } from '../causality/index.js'
import { datesOfMissing } from './date-missing.js'
import type { ExplainedSession } from './explain-session.js'
import type { OrderedRows } from './order-rows.js'
import { eventId, presentEvent } from './present-event.js'
import { formatMicros } from './time.js'

/** Only the events that satisfy the filter; missing rows say nothing of themselves, so they go. */
export async function filterRows(
  reader: ProjectReader,
  session: ExplainedSession,
  ordered: OrderedRows,
  filter: Filter,
  now: Date,
): Promise<OrderedRows> {
  const matches = await matchSessionEvents(reader, session.bounds, filter, now)
  const ids = new Set(matches.map((key) => eventId(key.flushId, key.ordinal)))
  const positions = Int32Array.from(ordered.rows.keys()).filter((position) => {
    const id = session.graph.events[ordered.rows[position] ?? -1]?.id
    return id !== undefined && ids.has(id)
  })
  return { ...ordered, rows: positions.map((position) => ordered.rows[position] ?? 0), positions }
}

/** Index in `rows` of the event `{span}:{n}` or with that id, or of the first row behind it; 0 where it is unknown. */
export function findRow(session: ExplainedSession, ordered: OrderedRows, all: OrderedRows, at: string): number {
  const [, span, n] = /^([0-9a-f]{16}):(\d{1,10})$/.exec(at) ?? []
  const number = Number(n)
  const position = all.rows.findIndex((row) => {
    const run = row < 0 ? session.missing[-1 - row] : undefined
    if (run) return run.span === span && run.from <= number && number <= run.to
    const event = session.graph.events[row]
    return span === undefined ? event?.id === at : event?.span === span && event.number === number
  })
  if (position < 0) return 0
  if (!ordered.positions) return position
  const index = ordered.positions.findIndex((place) => place >= position)
  return index < 0 ? Math.max(0, ordered.rows.length - 1) : index
}

/** Rows `from` inclusive to `to` exclusive, with their bodies. */
export async function presentRows(
  reader: ProjectReader,
  session: ExplainedSession,
  ordered: OrderedRows,
  from: number,
  to: number,
): Promise<SessionRow[]> {
  const window = ordered.rows.subarray(from, to)
  const bodies = await readBodies(reader, session, window)
  const date = datesOfMissing(session)
  const rows: SessionRow[] = []
  for (const [i, row] of window.entries()) {
    const place = ordered.positions ? { position: ordered.positions[from + i] ?? 0 } : {}
    const run = row < 0 ? session.missing[-1 - row] : undefined
    if (run) {
      rows.push({ kind: 'missing', ...date(run), ...place })
      continue
    }
    const event = session.graph.events[row]
    const body = bodies.get(event?.id ?? '')
    // Retention may have dropped a partition since the session was ordered.
    if (!event || !body) continue
    const corrected = correctedMicros(session.graph, row)
    rows.push({
      ...presentEvent(body, session.nodes.get(body.nodeId)),
      ...(corrected !== undefined && { corrected: formatMicros(corrected) }),
      ...(ordered.concurrent?.[row] === 1 && { concurrent: true }),
      ...(ordered.inversion?.[row] === 1 && { inversion: true }),
      ...(session.late[row] === 1 && { late: true }),
      ...(session.ambiguous[row] === 1 && { ambiguous: true }),
      ...place,
    })
  }
  return rows
}

/** Bodies of these events, by id. */
export async function readBodies(
  reader: ProjectReader,
  { rows, bounds }: Pick<ExplainedSession, 'rows' | 'bounds'>,
  events: Iterable<number>,
): Promise<Map<string, StoredEvent>> {
  const keys: EventPlace[] = []
  for (const event of events) {
    const row = rows[event]
    if (row) keys.push(row)
  }
  const bodies = keys.length === 0 ? [] : await listEventBodies(reader, bounds, keys)
  return new Map(bodies.map((body) => [eventId(body.flushId, body.ordinal), body]))
}
