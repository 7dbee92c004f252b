/**
 * The JSON that the query routes answer with: the contract between collector and viewer. Times are ISO 8601 UTC with
 * microseconds; durations are milliseconds; ids are lower-case hex (session 32, span 16) or UUID (node).
 */

export type * from './api-registry.js'

export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'critical'
export type Kind = 'log' | 'open' | 'close' | 'call' | 'return' | 'set' | 'breaker'
export type Outcome = 'ok' | 'failed' | 'running' | 'died' | 'unknown'
export type HopState = 'ok' | 'failed' | 'running' | 'died' | 'unknown'
/** Without a return: `oneway` wants none; `died` once the caller, or all that it reached, died; `pending` while the caller runs; else what it reached closed with, or `unanswered`. */
export type CallStatus = 'ok' | 'error' | 'timeout' | 'cut' | 'unanswered' | 'oneway' | 'pending' | 'died'
/** State of a number that is not there; see causality: Completeness. */
export type MissingState = 'expected' | 'dropped' | 'rejected' | 'died' | 'unexplained' | 'unknowable'
export type EventFlag = 'sanitised' | 'clock_suspect' | 'attributes_truncated' | 'level_unknown' | 'duplicate_keys' | 'old' | 'process'

/** Every list: pass `next` as `cursor=` to go on; null at the end. */
export interface Page<T> {
  items: T[]
  next: string | null
}

export interface ErrorBody {
  error: { code: string; message: string; retryable: boolean; at?: number; limit?: number; requestId: string }
}

export interface ServiceCount {
  name: string
  events: number
  errors: number
}

export interface SessionError {
  service: string
  node: string
  message: string
}

export interface SessionSummary {
  id: string
  /** When its root began, on that process' clock; where no root was seen, the earliest time any process gave. */
  started: string
  /**
   * The longest it took on any one process' clock: clocks that differ don't stretch it. A clock that was set meanwhile does so in
   * the list, which knows no events; in the head its known steps are taken out.
   */
  durationMs: number
  /** Name of the root hop ("GET /cart/:id"); '' where no open was seen. */
  name: string
  root: { service: string; node: string } | null
  services: ServiceCount[]
  events: number
  errors: number
  outcome: Outcome
  error?: SessionError
  /** How many event numbers are known to be absent. */
  missing: number
  /** The same by state; states without any are left out. */
  missingByState: Partial<Record<MissingState, number>>
  /** Every hop native and closed, its caller seen, every call answered, no number absent. A list takes a call without a return for unanswered even where its callee was seen. */
  complete: boolean
  /** The same but for hops of plain OpenTelemetry or MDK processes, of which nobody can tell what is absent. */
  completeAsFarAsKnown?: true
  environment: string
}

export interface SessionList extends Page<SessionSummary> {
  /** Sums over all matching sessions, with the first page only. */
  total?: { sessions: number; failed: number }
}

export interface SessionHead extends SessionSummary {
  properties: Record<string, unknown>
  /** The deadline's budget when the session was opened, in milliseconds. */
  deadline?: { budgetMs: number }
  /** The session that its root's open names as its origin. */
  derivedFrom?: string
  /** Sessions whose root's open names this one, by start; at most the first 100. */
  derived: string[]
  /** Kept past retention. */
  kept: boolean
}

/** The last event known of work that died. */
export interface LastWords {
  span: string
  /** Its number; null where its wire numbers nothing. */
  n: number | null
  time: string
  level: Level
  message: string
  /** `message` is only the beginning of what it said. */
  cut?: true
}

export interface Hop {
  span: string
  /** parent-id of the traceparent it joined; null for a root. */
  parent: string | null
  /** The hop that sent the call this hop answers, where known. */
  parentSpan: string | null
  node: string
  service: string
  path: number[]
  name: string
  opened: string
  closed?: string
  /**
   * The same instants by the clock of the root's node, whatever this hop's clock was set to meanwhile: draw and subtract these where
   * they are given. Where no edge ties the two clocks, but the node's was set: by the node's clock as it was before that. Absent where
   * nothing is known of the clock.
   */
  corrected?: { opened: string; closed?: string }
  status?: 'ok' | 'error'
  reason?: string
  events: number
  errors: number
  /** Greatest event number known. */
  last: number
  state: HopState
  /** Another hop has the same path and parent: the same headers were joined twice. */
  joinedTwice?: boolean
  remainingMs?: number
  /** Of a hop that died. */
  lastWords?: LastWords
  /**
   * Nothing of it came: only a return names it, so `events` is 0 and `last` the least that it counted. It stands under the call that was answered;
   * service and node are what that call was sent to, `opened` is when, on the caller's clock.
   */
  onlyNamed?: true
}

export interface CallView {
  /** The call's own span id, as put into traceparent. */
  call: string
  /** The hop that made it and the number of its call event. */
  span: string
  n: number
  target: { service?: string; version?: string; node?: string; address?: string } | null
  name?: string
  started: string
  ended?: string
  /** The same instants by the clock of the root's node, as of a hop. */
  corrected?: { started: string; ended?: string }
  status: CallStatus
  reason?: string
  /** Hops that answered it, those that only its return names too: none, one, or several when joined twice. */
  callees: string[]
  callee?: { span: string; last: number }
  breaker?: 'closed' | 'half_open'
  /** The breaker that it went through, or that kept it from being sent; see /breakers/{id}. */
  breakerId?: string
  remainingMs?: number
  /** Without a return, and its caller or all its callees died: the last event of the one that did. */
  lastWords?: LastWords
}

/**
 * How far a node's clock is ahead of the root node's. `error`: the true offset lies within offset ± error; null where
 * nothing bounds it. `estimate`: from transit times only, never used for order.
 */
export interface NodeSkew {
  offset: number
  error: number | null
  kind: 'measured' | 'one_sided' | 'estimate'
}

export interface NodeView {
  id: string
  /** Short name, the same on all pages: "cart-2". */
  name: string
  service: string
  version: string
  environment: string
  address?: string
  host?: string
  pid?: number
  runtime?: string
  /** Of processes without the SDK; absent for native ones. */
  origin?: 'otlp' | 'mdk'
  skewMs?: NodeSkew
  state: 'up' | 'stale' | 'gone' | 'unknown'
}

export interface MissingView {
  span: string
  from: number
  to: number
  state: MissingState
  reason?: string
  /** About when it was: the time of the event before it, else after it, in its hop; else of the return that names the hop, or when the loss was reported. */
  time?: string
}

export interface BreakerTransition {
  /** Its breaker, see /breakers/{id}; absent where the event names no target. */
  id?: string
  caller: string
  target: { service?: string; node?: string; address?: string }
  from: 'closed' | 'open' | 'half_open'
  to: 'closed' | 'open' | 'half_open'
  failures: number
  reason: string
  time: string
  span: string
  n: number
}

/** A node's clock jumped within the session, at about this event. */
export interface ClockStep {
  /** The node's UUID. */
  node: string
  stepMs: number
  span: string
  n: number
}

/** Something about the session's shape that a reader should know before trusting it. */
export interface Oddity {
  kind: 'cycle_cut' | 'shared_path' | 'two_nodes' | 'two_environments' | 'no_root' | 'deep_clock'
  /** A sentence for people. */
  text: string
  span?: string
}

export interface SessionView {
  session: SessionHead
  hops: Hop[]
  calls: CallView[]
  nodes: NodeView[]
  missing: MissingView[]
  breakers: BreakerTransition[]
  clockSteps: ClockStep[]
  oddities: Oddity[]
  /** Only where one of these lists is cut: how many there are in truth. Each list holds its first 20,000, hops and calls in the order of the tree. */
  totals?: { hops: number; calls: number; missing: number }
}

/** Answer of /sessions/{id}/relation?a={span}:{n}&b={span}:{n}. */
export interface RelationView {
  relation: 'before' | 'after' | 'concurrent'
  /** The chain that proves it, from the earlier event to the later one; empty where they are concurrent. */
  edges: { by: 'hop' | 'call' | 'return'; from: EventPlace; to: EventPlace }[]
}

/** An event by its hop and number; 0 where its wire numbers nothing. */
export interface EventPlace {
  span: string
  n: number
}

/** One event. Fields of its kind stand beside the common ones. */
export interface EventView {
  /** Writer-flush-ordinal: stable identity and cursor. */
  id: string
  seq: string | null
  session: string
  span: string | null
  clock: number[] | null
  kind: Kind
  /** The node's UUID. */
  node: string
  service: string
  environment: string
  time: string
  received: string
  /** Time less the node's measured skew and the steps of its clock, as of a hop; absent where neither is known. */
  corrected?: string
  level: Level
  category: string
  message: string
  attributes: Record<string, unknown> | null
  flags: EventFlag[]
  /** By cause: nothing says whether it or the event before it happened first. */
  concurrent?: boolean
  /** Arrived half a minute or more after something that it caused, or that much slower than the fastest event of its node here: who read the session before did not see it. */
  late?: boolean
  /** Its place rests on no proof: its hop's caller is a guess, its number stands twice in its hop, or its wire numbers nothing, so that it stands by time. */
  ambiguous?: boolean
  /** By clock: this event stands before one that caused it. */
  inversion?: boolean
  name?: string
  parent?: string
  call?: string
  target?: { service?: string; version?: string; node?: string; address?: string }
  remainingMs?: number
  properties?: Record<string, unknown>
  derived?: { session: string; clock: number[] }
  status?: 'ok' | 'error' | 'timeout' | 'cut'
  reason?: string
  callee?: { span: string; last: number }
  breaker?: 'closed' | 'half_open'
  oneway?: boolean
  key?: string
  value?: unknown
  from?: string
  to?: string
  failures?: number
  retestAt?: number
}

/** A row where numbers are absent, at its place in the order. */
export interface MissingRow {
  kind: 'missing'
  span: string
  from: number
  to: number
  state: MissingState
  reason?: string
  /** As in MissingView. */
  time?: string
}

/** `position`: place in this order without the filter; given where `q` filters, so that a match can be scrolled to. */
export type SessionRow = (EventView | MissingRow) & { position?: number }

/**
 * Answer of /sessions/{id}/events?order&from&limit&q; `Accept: application/x-ndjson` or `format=ndjson` streams all rows instead. Instead of `from`, `at={span}:{n}` (or `at={event id}` where an event
 * has no number) asks for the window that starts there; `from` in the answer says where that is. Unknown `at`: from 0.
 */
export interface SessionEvents extends Page<SessionRow> {
  /** All rows of the session in this order and with this filter. */
  total: number
  /** Position of the first item. */
  from: number
}

export interface HistogramBucket {
  /** ISO time at which the bucket starts. */
  start: string
  /** Events by level or by service. */
  counts: Record<string, number>
}

export interface Histogram {
  from: string
  to: string
  bucketSeconds: number
  by: 'level' | 'service'
  buckets: HistogramBucket[]
  total: number
}

export interface FieldList extends Page<{
  name: string
  kind: 'event' | 'session' | 'attribute'
  events?: number
  values?: { value: string; events: number }[]
}> {}

export interface ServiceView {
  service: string
  environments: string[]
  nodes: number
  lastSeen: string | null
}

export interface CollectorHealth {
  status: 'ready' | 'not_ready'
  durability: 'safe' | 'unsafe' | 'unknown'
  database: 'up' | 'down'
  /** Of the registry of nodes: see RegistryHealth. */
  registry: 'healthy' | 'grace' | 'degraded'
  version: string
  uptimeSeconds: number
}

/** Numbers of events: logged = stored + rejected + dropped + held + unexplained. */
export interface DeliverySum {
  /** As many as producers are known to have given numbers to, and those that came without a number. */
  logged: number
  stored: number
  /** Refused by the collector, each with a code. */
  rejected: number
  /** Given up by the SDK, each with a reason. */
  dropped: number
  /** Not here, though later ones are: they may still come. */
  held: number
  /** The same, but their producer is gone, or had ten minutes. */
  unexplained: number
}

export interface ProducerDeliveries extends DeliverySum {
  producer: string
  epoch: number
  /** UUID. */
  node: string
  lastSeen: string
}

export interface ServiceDeliveries extends DeliverySum {
  service: string
  environment: string
  producerCount: number
  /** At most 50 of them: unexplained numbers first, then held ones, then what was lost for a reason, then the latest seen. */
  producers: ProducerDeliveries[]
}

/** Answer of /deliveries. `total` and the counts are of all, also where not all are listed. */
export interface Deliveries {
  total: DeliverySum
  serviceCount: number
  /** At most 500: those with unexplained numbers first, then those with held ones, then by name. */
  services: ServiceDeliveries[]
}
