import { KIND_CODE } from '../codes.js'
import type { ProjectReader } from './project-reader.js'
import { instant, sql } from './sql.js'

/** Where a session's rows lie: its parts say between which instants of arrival. */
export interface SessionBounds {
  session: string
  /** Microseconds, inclusive. */
  receivedFrom: number
  receivedTo: number
}

/** What one flush wrote of a session, for unpackEvents. */
export interface PackedEvents {
  flushId: string
  /** An event after another, each of PACKED_BYTES: ordinal, number (−1 for none), node, kind, microseconds since 2000, span, place of the row. */
  packed: Buffer
  /** JSON array of the details of those events whose kind is one of DETAILED_KINDS, in the same order; null for none. */
  details: string | null
}

export const PACKED_BYTES = 38
/** What these carry says something of other events, or is shown without the event. */
export const DETAILED_KINDS: readonly number[] = [KIND_CODE.open, KIND_CODE.call, KIND_CODE.return, KIND_CODE.breaker]

/**
 * All events of a session without their bodies, in no order, one item a flush. PostgreSQL packs what each flush wrote into one
 * value: for 100,000 events pg spends more on as many rows than all the rest takes. A flush is bounded, so a value is.
 */
export async function listSessionEvents(reader: ProjectReader, bounds: SessionBounds): Promise<PackedEvents[]> {
  return reader.query<PackedEvents>(
    sql`
    SELECT flush_id::text AS "flushId",
           string_agg(int8send((ordinal::bigint << 32) | (coalesce(clock[cardinality(clock)], -1)::bigint & 4294967295))
                      || int8send((node_id::bigint << 32) | kind) || timestamptz_send(time) || int8send(span) || tidsend(ctid), ''::bytea) AS packed,
           '[' || string_agg(coalesce(detail::text, 'null'), ',') FILTER (WHERE kind = ANY(${DETAILED_KINDS}::smallint[])) || ']' AS details
      FROM event
     WHERE session_id = ${bounds.session}::uuid AND project_id = ${reader.projectId}
       AND received_at >= ${instant(bounds.receivedFrom)}
       AND received_at <= ${instant(bounds.receivedTo)}
       AND flags & 1 = 0
     GROUP BY flush_id`,
    'list-session-events',
  )
}
