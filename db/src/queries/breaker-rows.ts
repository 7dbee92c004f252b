import { joinSql, sql, type Sql } from './sql.js'

/** A breaker with what it is called by, and what is known of it now. Times in microseconds since the epoch. */
export interface StoredBreaker {
  /** 32 hex digits. */
  id: string
  caller: string
  /** Its row in node. */
  callerId: number
  callerService: string
  callerEnvironment: string
  /** Of "cart-2"; null where it has none. */
  callerNumber: number | null
  targetNode: string | null
  targetService: string | null
  targetAddress: string | null
  targetNumber: number | null
  /** Last reported; codes of codes.ts. */
  state: number
  /** Whether its reporter is heard of: else nobody knows its state. */
  isHeard: boolean
  /** Null where it never turned. */
  turnedMicros: number | null
  firstSeenMicros: number
  /** When its reporter was last heard of. */
  heardMicros: number
  failures: number
  reason: string
  retestMicros: number | null
  session: string | null
  span: string | null
  number: number | null
}

/** Breakers of processes that are gone for longer are history, not state. */
const GONE_FOR = '1 hour'

/**
 * `FROM` of breakers `b` with their caller `n` and what is registered of their target, `t`. A target that only has an address is the
 * node that registered it last.
 */
export function breakerTables(projectId: number): Sql {
  return sql`
    breaker b
    JOIN node n ON n.id = b.node_id
    LEFT JOIN LATERAL (
      SELECT o.node_uuid, o.service, o.number, o.address, o.first_seen_at, o.state, o.state_at, o.successor
        FROM node o
       WHERE o.project_id = ${projectId} AND o.node_uuid = b.target_node
       UNION ALL
      SELECT o.node_uuid, o.service, o.number, o.address, o.first_seen_at, o.state, o.state_at, o.successor
        FROM node o
       WHERE b.target_node IS NULL AND o.project_id = ${projectId}
         AND md5(o.address) = md5(b.target_address) AND o.address = b.target_address AND o.state IS NOT NULL
       ORDER BY first_seen_at DESC
       LIMIT 1) t ON true`
}

/** A breaker is as good as its reporter: once that is silent for longer than its time to live, nobody knows, whoever is to blame. */
export function isHeard(now: Date): Sql {
  return sql`(coalesce(n.state, '') = 'up' AND coalesce(n.seen_at + n.ttl_seconds * interval '1 second' >= ${now}::timestamptz, false))`
}

export function isRecent(now: Date): Sql {
  return sql`(${isHeard(now)} OR greatest(n.seen_at, n.left_at, b.turned_at, b.first_seen_at) >= ${now}::timestamptz - ${GONE_FOR}::interval)`
}

/** Of two processes that are there: a breaker ends with its caller, or its callee, when another takes their place. */
export function isOnBoard(now: Date): Sql {
  return sql`(${isRecent(now)} AND n.successor IS NULL AND t.successor IS NULL
              AND (t.state IS DISTINCT FROM 'gone' OR t.state_at >= ${now}::timestamptz - ${GONE_FOR}::interval))`
}

export function breakerColumns(now: Date): Sql {
  return joinSql(
    [
      sql`replace(b.breaker_id::text, '-', '') AS id`,
      sql`n.node_uuid::text AS caller, n.id AS "callerId", n.service AS "callerService", n.environment AS "callerEnvironment", n.number AS "callerNumber"`,
      sql`coalesce(b.target_node, t.node_uuid)::text AS "targetNode", coalesce(t.service, b.target_service) AS "targetService"`,
      sql`coalesce(b.target_address, t.address) AS "targetAddress", t.number AS "targetNumber"`,
      sql`b.state, ${isHeard(now)} AS "isHeard"`,
      sql`(extract(epoch FROM b.turned_at) * 1000000)::float8 AS "turnedMicros"`,
      sql`(extract(epoch FROM b.first_seen_at) * 1000000)::float8 AS "firstSeenMicros"`,
      sql`(extract(epoch FROM coalesce(greatest(n.seen_at, n.left_at), b.turned_at, b.first_seen_at)) * 1000000)::float8 AS "heardMicros"`,
      sql`b.failures, b.reason, (extract(epoch FROM b.retest_at) * 1000000)::float8 AS "retestMicros"`,
      sql`replace(b.session_id::text, '-', '') AS session, lpad(to_hex(b.span), 16, '0') AS span, b.number`,
    ],
    ', ',
  )
}
