import type { Turn } from './breaker/breaker.js'
import { Call, type CallOptions, type CallTarget, type SendingOptions } from './call.js'
import type { ResolvedNode } from './calls/resolved-node.js'
import { Routes } from './calls/routes.js'
import { MAX_INTERACTIONS } from './calls/interactions.js'
import { SessionCalls, type ResolveOptions, type ServiceCallOptions, type Work } from './calls/session-calls.js'
import type { Core } from './core.js'
import { Deadline } from './deadline.js'
import type { Entry } from './delivery/entry.js'
import { fetchInSession } from './fetch-in-session.js'
import { harmless } from './harmless.js'
import { Hop } from './hop.js'
import { breakerFields, callFields, millisField } from './kind-fields.js'
import { isLevel, RANK, type Level } from './levels.js'
import type { HeaderSource } from './propagation/carrier.js'
import type { Incoming } from './propagation/incoming.js'
import { isPeer, writeOutgoing } from './propagation/outgoing.js'
import { reasonOf } from './reason.js'

/** Where an event stands. */
export interface Position {
  session: string
  clock: number[]
}

export type Attributes = Readonly<Record<string, unknown>>

export interface SessionStart {
  id: string
  incoming?: Incoming | undefined
  flags: string
  /** Shown as the hop's name; a function is asked when the opening is shipped or the session closed, whichever comes first. */
  name?: string | (() => string) | undefined
  derived?: Position | undefined
  deadlineMs?: number | undefined
}

export interface CloseOptions {
  status?: 'ok' | 'error'
  reason?: string
}

const MAX_VALUE_BYTES = 4_096
const MAX_TEXT_BYTES = 1_024
const MAX_PROPERTIES = 64
const MAX_KEY_LENGTH = 128
/** The session's routes, as a property shows them. */
const ROUTES_KEY = 'gt-routes'

/** One process's stretch of one request. No method throws, whatever it is given; `call`, `resolve` and `fetch` may reject. */
export class Session {
  readonly id: string
  /** Id of this process's hop. */
  readonly span: string
  readonly #core: Core
  readonly #hop: Hop
  readonly #flags: string
  readonly #otherStates: readonly string[]
  readonly #foreignBaggage: readonly string[]
  readonly #properties: Map<string, string>
  readonly #deadline: Deadline
  readonly #open: Entry | undefined
  #threshold: number
  #verbose: Level | undefined
  #routes: Routes | undefined
  #calls: SessionCalls | undefined
  /** Interactions that were begun before there were any calls. */
  #started = 0
  #closed = false

  constructor(core: Core, start: SessionStart) {
    const { incoming } = start
    this.#core = core
    this.id = start.id
    this.span = core.ids.span()
    this.#hop = new Hop(this.id, this.span, incoming?.path ?? [])
    this.#flags = start.flags
    this.#otherStates = incoming?.otherStates ?? []
    this.#foreignBaggage = incoming?.foreignBaggage ?? []
    this.#properties = incoming?.properties ?? new Map<string, string>()
    this.#deadline = new Deadline(core.platform.time.monotonicMs)
    const openedMs = core.platform.time.monotonicMs()
    if (incoming?.budgetMs !== undefined) this.#deadline.shorten(incoming.budgetMs, openedMs)
    if (start.deadlineMs !== undefined) this.#deadline.shorten(start.deadlineMs, openedMs)
    this.#threshold = RANK[core.level]
    if (incoming?.level !== undefined) this.verbose(incoming.level)
    if (incoming?.routes !== undefined) this.#routes = new Routes(incoming.routes)
    this.#open = core.enabled ? core.recorder.structureLate(this.#hop, 'open', this.#openFields(start, openedMs)) : undefined
  }

  trace(category: string, message: unknown, attributes?: Attributes): Position {
    return this.#log(RANK.trace, category, message, attributes)
  }

  debug(category: string, message: unknown, attributes?: Attributes): Position {
    return this.#log(RANK.debug, category, message, attributes)
  }

  info(category: string, message: unknown, attributes?: Attributes): Position {
    return this.#log(RANK.info, category, message, attributes)
  }

  warn(category: string, message: unknown, attributes?: Attributes): Position {
    return this.#log(RANK.warn, category, message, attributes)
  }

  error(category: string, message: unknown, attributes?: Attributes): Position {
    return this.#log(RANK.error, category, message, attributes)
  }

  critical(category: string, message: unknown, attributes?: Attributes): Position {
    return this.#log(RANK.critical, category, message, attributes)
  }

  /** Sets a property of the session. It travels to the services called from here on, and sessions can be searched by it. */
  set(key: string, value: unknown): void {
    if (!this.#core.enabled) return
    const { serializer } = this.#core.recorder
    const name = harmless(() => String(key).slice(0, MAX_KEY_LENGTH), '')
    const json = serializer.value(value, MAX_VALUE_BYTES)
    if (this.#properties.has(name) || this.#properties.size < MAX_PROPERTIES) this.#properties.set(name, json)
    this.#core.recorder.structure(this.#hop, 'set', `,"key":${serializer.value(name, MAX_TEXT_BYTES)},"value":${json}`)
  }

  /** A property's value, set here or by a caller. */
  get(key: string): unknown {
    const json = this.#properties.get(key)
    return json === undefined ? undefined : JSON.parse(json)
  }

  /** Work must be done in `inMs` from now. A smaller deadline that is set already stays. */
  setDeadline(inMs: number): void {
    this.#deadline.shorten(inMs)
  }

  /** Milliseconds left until the deadline, not below 0; undefined without one. */
  remaining(): number | undefined {
    return this.#deadline.remaining()
  }

  /** Keeps events from `level` on in this session, here and in the services it calls. Never makes it quieter. */
  verbose(level: Level): void {
    if (!isLevel(level) || RANK[level] >= this.#threshold) return
    this.#threshold = RANK[level]
    this.#verbose = level
  }

  /** Headers for a call made by hand, of which no answer is awaited. Without `to`, properties and deadline stay here. */
  inject(options: Omit<CallOptions, 'oneway'> = {}): Record<string, string> {
    return { ...this.#send(options, true).headers }
  }

  /** Records the sending of a call. Its headers go with the request; `finish` records the answer. */
  startCall(options: CallOptions = {}): Call {
    return this.#send(options, false)
  }

  /** `fetch` as a call of this session: passes it on, ends with the deadline, and records how it was answered. Rejects as fetch does. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    return fetchInSession(this, globalThis.fetch, input, init)
  }

  /**
   * Calls a service by name: finds a node that serves this version and is not cut off, runs `work` with it, and records how it went.
   * `call.headers` go with the request, `call.signal` aborts at the deadline. An HTTP answer that `work` comes back with fails from status
   * 500 on, an exception always; so many failures in a row cut the node off, and others get its calls.
   *
   * Rejects with what `work` throws; with NoNodeError where nobody serves it, BreakerOpenError where all nodes are cut off, DeadlineError
   * where the time is up.
   */
  async call<T>(service: string, version: string, work: Work<T>, options: ServiceCallOptions = {}): Promise<Awaited<T>> {
    return this.#callsOfSession.call(service, version, work, options)
  }

  /** A node of the service for a call made by hand: say how it went by its `success` or `failure`. Rejects as `call` does. */
  async resolve(service: string, version: string, options: ResolveOptions = {}): Promise<ResolvedNode> {
    return this.#callsOfSession.resolve(service, version, options)
  }

  /** Begins an interaction: work that succeeds or fails as a whole, and with it all nodes resolved in it. They may lie within one another. */
  start(): void {
    if (this.#calls === undefined) this.#started++
    else this.#calls.interactions.start()
  }

  /** The current interaction failed: counts as a failure of each node resolved in it. It goes on until `finish`. */
  fail(reason: unknown = ''): void {
    const text = reasonOf(reason)
    const failed = this.#calls?.interactions.fail(text) ?? []
    if (failed.length > 0) this.warn('interaction', `failed: ${text}`, { nodes: failed.map(({ id, address }) => id ?? address) })
  }

  /** As `fail`, for an exception: where a node of the interaction failed already, that explains it, and no other node is blamed. */
  failWith(error: unknown): void {
    if (this.#calls?.interactions.hasFailed !== true) this.fail(error)
  }

  /** Ends the current interaction: each of its nodes that did not fail did well. */
  finish(): void {
    if (this.#calls === undefined) this.#started = Math.max(0, this.#started - 1)
    else this.#calls.interactions.finish()
  }

  /** From here on, calls of this session to `service` go to `target`, in the services it calls, too. */
  route(service: string, version: string, target: string, targetVersion: string): void {
    if (!this.#core.enabled) return
    const route = { service, version, target, targetVersion }
    const routes = this.#routes ?? new Routes([])
    if (!routes.add(route)) return
    this.#routes = routes
    const value = this.#core.recorder.serializer.value(routes.describe(), MAX_VALUE_BYTES)
    this.#core.recorder.structure(this.#hop, 'set', `,"key":"${ROUTES_KEY}","value":${value}`)
  }

  /** Whether these headers are of a call to a resolved node: what sends them must not record a call of its own. */
  owns(headers: HeaderSource | undefined): boolean {
    return this.#calls?.owns(headers) ?? false
  }

  /** Records a turn of a breaker that this session caused. */
  breakerTurned(target: CallTarget, turn: Turn): void {
    const { enabled, recorder, clock } = this.#core
    if (!enabled) return
    recorder.structure(this.#hop, 'breaker', breakerFields(recorder.serializer, { target, turn, nowMs: clock.now() }))
  }

  /** Runs `work` with this session as the current one, also in what it awaits. */
  run<T>(work: () => T): T {
    return this.#core.enabled ? this.#core.platform.context.run(this, work) : work()
  }

  /** Ends the work of this hop. Only the first end counts; events logged afterwards are kept and marked. */
  close(options: CloseOptions = {}): void {
    if (this.#closed) return
    this.#closed = true
    this.#calls?.interactions.close()
    if (!this.#core.enabled) return
    const { status, reason } = harmless(() => ({ ...options }), {} as CloseOptions)
    const why = reason === undefined ? '' : `,"reason":${this.#core.recorder.serializer.value(reason, MAX_TEXT_BYTES)}`
    this.#core.recorder.structure(this.#hop, 'close', `,"status":"${status === 'error' ? 'error' : 'ok'}"${why}`)
    this.#open?.settle()
  }

  /** The session's page in the viewer. */
  get url(): string {
    return `${this.#core.viewerUrl}/s/${this.id}`
  }

  /** Value of the `gt-clock` header of an answer: this hop and how far it has counted. undefined when disabled. */
  get clockHeader(): string | undefined {
    return this.#core.enabled ? `${this.span};${this.#hop.last}` : undefined
  }

  #log(rank: number, category: string, message: unknown, attributes: Attributes | undefined): Position {
    const kept = rank >= this.#threshold && this.#core.enabled
    const number = kept ? this.#core.recorder.log(this.#hop, rank, category, message, attributes) : this.#hop.last
    return { session: this.id, clock: this.#hop.clockOf(number) }
  }

  get #callsOfSession(): SessionCalls {
    const { platform, callees, resolveWithinMs } = this.#core
    if (this.#calls !== undefined) return this.#calls
    const calls = new SessionCalls({
      platform,
      callees,
      resolveWithinMs,
      remaining: () => this.#deadline.remaining(),
      findRoute: (service, version) => this.#routes?.find(service, version),
      send: (options) => this.#send(options, false),
      turned: (target, turn) => this.breakerTurned(target, turn),
    })
    for (let i = 0; i < Math.min(this.#started, MAX_INTERACTIONS); i++) calls.interactions.start()
    this.#calls = calls
    return calls
  }

  #send(options: SendingOptions, bare: boolean): Call {
    const core = this.#core
    const id = core.ids.span()
    if (!core.enabled) return new Call(core, this.#hop, id, {})
    const { to, name, target: given, oneway, deadlineMs, breaker, isPeer: isNode } = harmless(() => ({ ...options }) as SendingOptions, {})
    const place = to ?? harmless(() => given?.address, undefined)
    const isNamed = harmless(() => given?.service !== undefined, true)
    const target = isNamed ? given : (this.#calls?.calledAt(place) ?? given)
    const remainingMs = this.#deadline.remainingOf(deadlineMs)
    const fields = { call: id, name, target, remainingMs, breaker, oneway: bare || oneway === true }
    const number = core.recorder.structure(this.#hop, 'call', callFields(core.recorder.serializer, fields))
    const written = writeOutgoing({
      session: this.id,
      call: id,
      path: this.#hop.clockOf(number),
      flags: this.#flags,
      otherStates: this.#otherStates,
      foreignBaggage: this.#foreignBaggage,
      properties: this.#properties,
      environment: core.environment,
      remainingMs,
      level: this.#verbose,
      routes: this.#routes?.toText() ?? '',
      toPeer: isNode === true || isPeer(place, core),
    })
    core.counts.clocksOmitted += written.clockOmitted ? 1 : 0
    core.counts.baggageOmitted += written.baggageOmitted
    return new Call(core, this.#hop, id, written.headers)
  }

  #openFields({ incoming, name, derived }: SessionStart, openedMs: number): () => string {
    const { serializer } = this.#core.recorder
    const properties = [...this.#properties].map(([key, json]) => `${serializer.value(key, MAX_TEXT_BYTES)}:${json}`)
    if (this.#routes !== undefined) properties.push(`"${ROUTES_KEY}":${serializer.value(this.#routes.describe(), MAX_VALUE_BYTES)}`)
    const causes =
      (incoming === undefined ? '' : `,"parent":"${incoming.parent}"`) +
      (incoming?.call === undefined ? '' : `,"call":"${incoming.call}"`) +
      (properties.length === 0 ? '' : `,"properties":{${properties.join(',')}}`) +
      (derived === undefined ? '' : `,"derived":${serializer.value(derived, MAX_VALUE_BYTES)}`)
    return () => {
      const text = typeof name === 'function' ? harmless(name, '') : name
      return `,"name":${serializer.value(text ?? '', MAX_TEXT_BYTES)}${causes}${millisField('remainingMs', this.#deadline.remaining(openedMs))}`
    }
  }
}
