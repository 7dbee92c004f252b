import { sql } from './sql.js'

/** One whole event as it is read. Times in microseconds since the epoch, ids in hex. */
export interface StoredEvent {
  flushId: string
  ordinal: number
  receivedMicros: number
  timeMicros: number
  session: string
  span: string
  seq: string | null
  nodeId: number
  flags: number
  level: number
  kind: number
  clock: number[] | null
  category: string
  message: string
  attributes: Record<string, unknown> | null
  detail: Record<string, unknown> | null
}

/** The columns of StoredEvent, of event `e`. */
export const STORED_EVENT_COLUMNS = sql`
  e.flush_id::text AS "flushId", e.ordinal,
  (extract(epoch FROM e.received_at) * 1000000)::float8 AS "receivedMicros",
  (extract(epoch FROM e.time) * 1000000)::float8 AS "timeMicros",
  replace(e.session_id::text, '-', '') AS session,
  lpad(to_hex(e.span), 16, '0') AS span,
  e.seq::text AS seq, e.node_id AS "nodeId", e.flags, e.level, e.kind, e.clock, e.category, e.message, e.attributes, e.detail`
