import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

export interface NodeSession {
  session: string
  /** When the last of this node arrived, microseconds since the epoch. */
  receivedMicros: number
  /** Of all its nodes. */
  events: number
}

export interface NodeSessions {
  /** UUID. */
  node: string
  from: Date
  to: Date
  limit: number
}

/** Clocks may be wrong by that much: by them the rows are found, in the order of an index. */
const CLOCK_SECONDS = 300
/** Rows looked at, the newest first: of a quiet node among busy ones not all sessions are found. */
const MAX_PARTS = 200_000

/** The sessions of which a node sent something between `from` and `to`, by the collector's clock; the newest first. */
export async function listNodeSessions(reader: ProjectReader, { node, from, to, limit }: NodeSessions): Promise<NodeSession[]> {
  return reader.query<NodeSession>(
    sql`
    SELECT replace(own.session_id::text, '-', '') AS session, (extract(epoch FROM own.received_at) * 1000000)::float8 AS "receivedMicros",
           (SELECT sum(events) FROM session_part p WHERE p.session_id = own.session_id AND p.project_id = ${reader.projectId})::float8 AS events
      FROM (SELECT session_id, max(received_at) AS received_at
              FROM (SELECT session_id, received_at, node_id, events
                      FROM session_part
                     WHERE project_id = ${reader.projectId}
                       AND first_time BETWEEN ${from}::timestamptz - make_interval(secs => ${CLOCK_SECONDS})
                                          AND ${to}::timestamptz + make_interval(secs => ${CLOCK_SECONDS})
                     ORDER BY first_time DESC
                     LIMIT ${MAX_PARTS}) AS recent
             WHERE node_id = ANY(ARRAY(SELECT id FROM node WHERE node_uuid = ${node}::uuid AND project_id = ${reader.projectId}))
               AND events > 0 AND received_at BETWEEN ${from}::timestamptz AND ${to}::timestamptz
             GROUP BY session_id
             ORDER BY max(received_at) DESC, session_id
             LIMIT ${limit}) AS own
     ORDER BY own.received_at DESC, own.session_id`,
  )
}
