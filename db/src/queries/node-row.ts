import { sql } from './sql.js'

/** What a heartbeat said of one service that a process offers. */
export interface Registration {
  uuid: string
  service: string
  environment: string
  version: string
  /** null: it is there, but nobody is sent to it. */
  address: string | null
  ttlSeconds: number
  /** JSON text of an object. */
  properties: string | null
  host: string | null
  pid: number | null
  runtime: string | null
  sdk: string | null
  /** SHA-256 of the bearer in hex; null without one. */
  owner: string | null
}

export type StoredNodeState = 'up' | 'stale' | 'gone'

/** A row of node that was registered. */
export interface RegisteredNode {
  /** Of the row: one process, service and environment. */
  id: number
  uuid: string
  service: string
  environment: string
  version: string
  origin: 'native' | 'otlp' | 'mdk'
  address: string | null
  host: string | null
  pid: number | null
  runtime: string | null
  sdk: string | null
  properties: Record<string, unknown> | null
  ttlSeconds: number
  state: StoredNodeState
  /** Counts its heartbeats and changes: of two versions of a row the greater one is newer. */
  revision: number
  /** With the service its short name. */
  number: number
  /** Hex. */
  owner: string | null
  replaced: string | null
  successor: string | null
  firstSeenMicros: number
  seenMicros: number
  stateMicros: number
  /** Of its last leave; null since it came back. */
  leftMicros: number | null
}

/** Columns of a RegisteredNode, from `node`. */
export const NODE_COLUMNS = sql`
    node.id, node.node_uuid::text AS uuid, node.service, node.environment, node.version, node.origin, node.address, node.host, node.pid,
    node.runtime, node.sdk, node.properties, node.ttl_seconds::text::float8 AS "ttlSeconds", node.state, node.revision::float8 AS revision,
    coalesce(node.number, 0) AS number, encode(node.owner, 'hex') AS owner, node.replaced::text AS replaced, node.successor::text AS successor,
    (extract(epoch FROM node.first_seen_at) * 1000000)::float8 AS "firstSeenMicros",
    (extract(epoch FROM node.seen_at) * 1000000)::float8 AS "seenMicros",
    (extract(epoch FROM node.state_at) * 1000000)::float8 AS "stateMicros",
    (extract(epoch FROM node.left_at) * 1000000)::float8 AS "leftMicros"`
