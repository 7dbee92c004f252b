import type { ProjectReader } from './project-reader.js'
import { isOneOf } from './session-condition.js'
import { sql } from './sql.js'

/** Numbers of a hop that were dropped or rejected; inclusive. */
export interface StoredAbsence {
  session: string
  span: string
  from: number
  to: number
  state: 'dropped' | 'rejected'
  reason: string
  /** The producer's numbers with which they went, inclusive. */
  firstSeq: number
  lastSeq: number
  /** Of the producer that said so. */
  nodeId: number
  receivedMicros: number
}

/** Absences of these sessions (32 hex each) that name hop and numbers. */
export async function listAbsences(reader: ProjectReader, sessions: readonly string[]): Promise<StoredAbsence[]> {
  return reader.query<StoredAbsence>(
    sql`
    SELECT replace(session_id::text, '-', '') AS session, lpad(to_hex(span), 16, '0') AS span,
           from_number AS "from", to_number AS "to", state, reason,
           first::float8 AS "firstSeq", last::float8 AS "lastSeq",
           node_id AS "nodeId", (extract(epoch FROM received_at) * 1000000)::float8 AS "receivedMicros"
      FROM absence
     WHERE ${isOneOf(sessions)} AND project_id = ${reader.projectId}
       AND span IS NOT NULL AND from_number IS NOT NULL AND to_number IS NOT NULL
     ORDER BY span, from_number, to_number`,
    sessions.length === 1 ? 'list-absences-of-one' : 'list-absences',
  )
}
