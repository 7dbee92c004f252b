/** What the routes of nodes, breakers and the map answer with; part of the contract in api.ts. */
import type { CallStatus, Outcome, Page } from './api.js'

/**
 * `stale`: longer silent than its time to live. `gone`: it left, or was silent for twice its time to live. `restarting`: gone for
 * less than a minute after a leave. `unknown`: it never said that it is there, or nobody can tell just now.
 */
export type NodeState = 'up' | 'stale' | 'gone' | 'restarting' | 'unknown'

/** One service that a node offers; a process that offers several has one of these for each. */
export interface BoardNode {
  /** UUID of the process. */
  id: string
  /** Short name on pages, stable while it lives: "cart-2". */
  name: string
  service: string
  version: string
  environment: string
  address?: string
  host?: string
  pid?: number
  runtime?: string
  sdk?: string
  origin?: 'otlp' | 'mdk'
  state: NodeState
  /** When it came into this state. */
  since: string
  lastBeat: string | null
  ttlSeconds: number | null
  firstSeen: string
  /** The node that it replaced at its address. */
  replaced?: string
  /** In the last hour: processes that came at its address; and times that it went stale and came back. */
  restarts: number
  flaps: number
  /** Of the last minute. */
  sessionsPerSecond: number
  events: number
  errors: number
  /** Breakers of others to it that are open or half open. */
  openBreakers: number
  /** Its state in each of the last 60 minutes, the oldest first: u up, s stale, g gone, r restarting, . not known. The worst of a minute wins. */
  lastHour: string
}

export interface RegistryHealth {
  /** `grace`: just started, nothing expires yet. `degraded`: too many would expire at once, so none does. */
  state: 'healthy' | 'grace' | 'degraded'
  since: string
  /** How many would have expired, where degraded. */
  held?: number
}

/** Answer of /nodes?environment&service&limit&cursor: nodes that went are on it for an hour, or until replaced. `counts` are of all pages. */
export interface NodesBoard extends Page<BoardNode> {
  asOf: string
  registry: RegistryHealth
  counts: Record<NodeState, number>
}

export interface NodeChange {
  time: string
  service: string
  change: 'up' | 'stale' | 'gone' | 'left' | 'restart' | 'flap'
  /** Of a restart: the node that it replaced, or the one that replaced it. */
  replaced?: string
  replacedBy?: string
}

/** How far the clock of `other` is ahead of this node's, from all their calls of the window. */
export interface PairSkew {
  other: { id: string; service: string }
  offset: number
  /** null: unbounded on one side. */
  error: number | null
  sessions: number
  /** The bounds of different sessions contradict each other: one of the clocks was set within the window. */
  stepped: boolean
}

/** Answer of /nodes/{id}. */
export interface NodePage {
  asOf: string
  registry: RegistryHealth
  /** The services it offers. */
  services: BoardNode[]
  /** Newest first, at most 200, within retention. */
  changes: NodeChange[]
  /** Breakers in which it is the caller, and those in which it is called. */
  breakers: BreakerView[]
}

/** Answer of /nodes/{id}/skew?from&to; the last ten minutes where nothing is asked for. */
export interface NodeSkewPage {
  from: string
  to: string
  /** How many sessions it was measured from: the newest of this node's, at most 50. */
  sessions: number
  pairs: PairSkew[]
}

export type BreakerState = 'closed' | 'open' | 'half_open' | 'unknown'

export interface BreakerView {
  id: string
  caller: { id: string; service: string; environment: string; name: string }
  target: { id?: string; service?: string; address?: string; name: string }
  /** `unknown` once its reporter is gone. */
  state: BreakerState
  /** When it came into this state; where unknown, when it was last heard of. */
  since: string
  /** What was last reported, where the state is unknown. */
  lastState?: Exclude<BreakerState, 'unknown'>
  failures: number
  reason: string
  retestAt?: string
  /** The event that told: a link into its session. Absent where no session did, as of a breaker that a timer turns. */
  cause?: { session: string; span: string; n: number }
}

export interface BreakerSpan {
  from: string
  to: string
  state: BreakerState
}

/** Answer of /breakers. `lanes` of the last hour are for those that were not closed all the time. */
export interface BreakerBoard extends Page<BreakerView & { lane: BreakerSpan[] }> {
  asOf: string
  counts: Record<BreakerState, number>
}

export interface BreakerCall {
  session: string
  span: string
  n: number
  time: string
  name: string
  status: CallStatus
  reason: string
  durationMs: number | null
}

export interface BreakerTurn {
  time: string
  from: Exclude<BreakerState, 'unknown'>
  to: Exclude<BreakerState, 'unknown'>
  failures: number
  reason: string
  retestAt?: string
  /** The event that told, as above. */
  cause?: { session: string; span: string; n: number }
  /** Of a turn to open: the failed calls before it, oldest first, at most 20. */
  trippedBy: BreakerCall[]
}

/** Answer of /breakers/{id}/history?from&to: newest first. */
export interface BreakerHistory extends Page<BreakerTurn> {
  asOf: string
  breaker: BreakerView
  lane: BreakerSpan[]
  /** Sessions with a call that was cut while it was open, newest first, at most 100 of `hurtSessions`. */
  hurt: (BreakerCall & { outcome: Outcome; sessionName: string })[]
  hurtSessions: number
  /** Of these, how many ended well nevertheless. */
  recovered: number
}

export interface MapService {
  /** Service name, or the address of something that never reported. */
  id: string
  known: boolean
  nodes: Record<NodeState, number>
  /** Calls that it answered. */
  callsPerSecond: number
  errorShare: number
}

export interface MapEdge {
  from: string
  to: string
  calls: number
  callsPerSecond: number
  /** Ended with error, at the deadline, or not sent for an open breaker; none of these is counted twice. */
  errors: number
  timeouts: number
  cuts: number
  /** (errors + timeouts + cuts) / calls, 0 to 1. */
  errorShare: number
  p50Ms: number | null
  p95Ms: number | null
  breakers: Record<BreakerState, number>
}

/** Answer of /map?from&to&environment. */
export interface ServiceMap {
  asOf: string
  from: string
  to: string
  services: MapService[]
  edges: MapEdge[]
}
