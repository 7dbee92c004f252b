import type { ProjectReader } from './project-reader.js'
import { isOneOf } from './session-condition.js'
import { sql } from './sql.js'

/** One row of session_part with its node. Times in microseconds since the epoch, ids in hex. */
export interface StoredPart {
  session: string
  /** '0000000000000000' for events of the session outside any hop. */
  span: string
  flushId: string
  receivedMicros: number
  firstMicros: number
  lastMicros: number
  openedMicros: number | null
  closedMicros: number | null
  parent: string | null
  callSpan: string | null
  nodeId: number | null
  events: number
  numbered: number
  errors: number
  lastNumber: number | null
  closedNumber: number | null
  atLeast: number | null
  unanswered: number | null
  status: number | null
  path: number[] | null
  name: string | null
  reason: string | null
  firstError: string | null
  properties: Record<string, unknown> | null
  detail: Record<string, unknown> | null
}

/** All parts of these sessions (32 hex each), in the order of their flushes. */
export async function listSessionParts(reader: ProjectReader, sessions: readonly string[]): Promise<StoredPart[]> {
  return reader.query<StoredPart>(
    sql`
    SELECT replace(session_id::text, '-', '') AS session,
           lpad(to_hex(span), 16, '0') AS span,
           flush_id::text AS "flushId",
           (extract(epoch FROM received_at) * 1000000)::float8 AS "receivedMicros",
           (extract(epoch FROM first_time) * 1000000)::float8 AS "firstMicros",
           (extract(epoch FROM last_time) * 1000000)::float8 AS "lastMicros",
           (extract(epoch FROM opened_at) * 1000000)::float8 AS "openedMicros",
           (extract(epoch FROM closed_at) * 1000000)::float8 AS "closedMicros",
           lpad(to_hex(parent), 16, '0') AS parent,
           lpad(to_hex(call_span), 16, '0') AS "callSpan",
           node_id AS "nodeId", events, numbered, errors,
           last_number AS "lastNumber", closed_number AS "closedNumber", at_least AS "atLeast", unanswered,
           status, path, name, reason, first_error AS "firstError", properties, detail
      FROM session_part
     WHERE ${isOneOf(sessions)} AND project_id = ${reader.projectId}
     ORDER BY session_id, flush_id, span`,
    sessions.length === 1 ? 'list-session-parts-of-one' : 'list-session-parts',
  )
}
