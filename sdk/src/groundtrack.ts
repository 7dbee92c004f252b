import type { Turn } from './breaker/breaker.js'
import { Breakers } from './breaker/breakers.js'
import type { CallTarget } from './call.js'
import { Callees } from './calls/callees.js'
import type { Core } from './core.js'
import { Buffer } from './delivery/buffer.js'
import type { NodeInfo } from './delivery/batch.js'
import { Shipper } from './delivery/shipper.js'
import { Balancer } from './discovery/balancer.js'
import { Discovery } from './discovery/discovery.js'
import { harmless } from './harmless.js'
import { Ids } from './ids.js'
import { breakerFields } from './kind-fields.js'
import { isLevel, RANK, type Level } from './levels.js'
import type { Platform } from './platform/platform.js'
import { Presence } from './presence.js'
import type { HeaderSource } from './propagation/carrier.js'
import { readIncoming, type Trust } from './propagation/incoming.js'
import { Recorder } from './recorder.js'
import { Session, type Attributes } from './session.js'
import { readSettings, type GroundtrackOptions, type Settings } from './settings.js'
import { VERSION } from './version.js'
import { WallClock } from './wall-clock.js'

export interface SessionOptions {
  /** Shown as the hop's name, for example "GET /cart/:id"; a function is asked as late as possible. */
  name?: string | (() => string)
  deadlineMs?: number
}

export interface JoinOptions extends SessionOptions, Trust {}

/** Every event is in exactly one of `acknowledged`, `rejected`, `dropped` and `waiting`; they sum up to `logged`. */
export interface Stats {
  logged: number
  acknowledged: number
  rejected: number
  dropped: number
  waiting: number
  /** Calls whose position did not fit into `tracestate`, and members that did not fit into `baggage`. */
  clocksOmitted: number
  baggageOmitted: number
}

const FLUSH_MS = 10_000
const STOP_MS = 2_000
const LEAVE_MS = 1_000

/** A service's way to Groundtrack: opens sessions, ships what they log. Throws in its constructor only. */
export class Groundtrack {
  readonly nodeId: string
  readonly #settings: Settings
  readonly #platform: Platform
  readonly #core: Core
  readonly #buffer: Buffer
  readonly #shipper: Shipper
  readonly #presence: Presence
  readonly #discovery: Discovery
  readonly #unwatch: () => void
  #defaultDeadlineMs: number | undefined
  #stopped = false
  #crashed = false

  constructor(options: GroundtrackOptions, platform: Platform) {
    const settings = readSettings(options, platform)
    const { url } = settings
    const ids = new Ids(platform.fillRandom)
    const clock = new WallClock(platform.time)
    const headers: Record<string, string> = settings.token === undefined ? {} : { authorization: `Bearer ${settings.token}` }
    this.nodeId = ids.uuid()
    this.#settings = settings
    this.#platform = platform
    this.#defaultDeadlineMs = settings.defaultDeadlineMs
    this.#buffer = new Buffer(settings.maxBufferBytes)
    const node = describeNode(this.nodeId, settings, platform)
    this.#shipper = new Shipper({ platform, buffer: this.#buffer, clock, node, newId: () => ids.uuid(), url, headers })
    this.#presence = new Presence(platform, url, headers, node)
    const recorder = new Recorder({ buffer: this.#buffer, clock, onAdded: () => this.#shipper.notice() })
    const { environment, level, propagateTo, staticNodes, resolveWithinMs } = settings
    const enabled = !settings.disabled
    const discovery = new Discovery({ platform, url, headers, environment, staticNodes, enabled })
    this.#discovery = discovery
    const breakers = new Breakers(enabled ? settings.breakerRules : undefined, platform.time.monotonicMs)
    this.#core = {
      enabled,
      platform,
      recorder,
      clock,
      ids,
      environment: environment.name,
      level,
      propagateTo,
      hasNodeAt: (host) => discovery.hasHost(host),
      callees: new Callees({ discovery, balancer: new Balancer(settings.balancing), breakers }),
      resolveWithinMs,
      viewerUrl: url,
      counts: { clocksOmitted: 0, baggageOmitted: 0 },
    }
    this.#unwatch = settings.disabled ? () => {} : this.#watch()
  }

  /** A new session, with this process as its root. */
  session(options: SessionOptions = {}): Session {
    const { name, deadlineMs } = copyOf(options)
    const id = this.#core.ids.session(this.#core.clock.now())
    return new Session(this.#core, { id, flags: this.#settings.flags, name, deadlineMs: deadlineMs ?? this.#defaultDeadlineMs })
  }

  /** The session that these headers belong to, or a new one. Given the request itself, it knows the peer and whether to trust it. */
  join(source: HeaderSource | undefined, options: JoinOptions = {}): Session {
    const { trust = this.#settings.trust, peer, name, deadlineMs } = copyOf(options)
    const incoming = readIncoming(source, { trust, peer })
    if (incoming === undefined) return this.session(options)
    const limit = deadlineMs ?? (incoming.budgetMs === undefined ? this.#defaultDeadlineMs : undefined)
    return new Session(this.#core, { id: incoming.session, incoming, flags: incoming.flags, name, deadlineMs: limit })
  }

  /** A new session that was caused by the one these headers belong to, but has a life of its own. */
  derive(source: HeaderSource | undefined, options: SessionOptions = {}): Session {
    const { name, deadlineMs } = copyOf(options)
    const incoming = readIncoming(source, {})
    const id = this.#core.ids.session(this.#core.clock.now())
    const derived = incoming === undefined ? undefined : { session: incoming.session, clock: incoming.path }
    return new Session(this.#core, {
      id,
      flags: incoming?.flags ?? this.#settings.flags,
      name,
      derived,
      deadlineMs: deadlineMs ?? this.#defaultDeadlineMs,
    })
  }

  /** The session of this async context. */
  current(): Session | undefined {
    return this.#platform.context.current() as Session | undefined
  }

  /**
   * This process offers a service at an address: others find it there until it stops. The one that the options name is registered
   * already, if they name an address, too.
   */
  register(service: string, version: string, address: string): void {
    if (!this.#core.enabled) return
    const offer = harmless(() => ({ service: String(service), version: String(version), address: String(address) }), undefined)
    if (offer !== undefined) this.#presence.register(offer)
  }

  /** A breaker of the host's own turned: recorded in the current session, or as an event of the process. What the adapters of /cockatiel and /opossum use. */
  breakerTurned(target: CallTarget, turn: Turn): void {
    const session = this.current()
    if (session !== undefined) return session.breakerTurned(target, turn)
    const { enabled, recorder, clock } = this.#core
    if (enabled) recorder.structureProcess('breaker', breakerFields(recorder.serializer, { target, turn, nowMs: clock.now() }))
  }

  /** Deadline of every session opened from now on; undefined: none. */
  setDefaultDeadline(ms: number | undefined): void {
    this.#defaultDeadlineMs = ms
  }

  trace(category: string, message: unknown, attributes?: Attributes): void {
    this.log('trace', category, message, attributes)
  }

  debug(category: string, message: unknown, attributes?: Attributes): void {
    this.log('debug', category, message, attributes)
  }

  info(category: string, message: unknown, attributes?: Attributes): void {
    this.log('info', category, message, attributes)
  }

  warn(category: string, message: unknown, attributes?: Attributes): void {
    this.log('warn', category, message, attributes)
  }

  error(category: string, message: unknown, attributes?: Attributes): void {
    this.log('error', category, message, attributes)
  }

  critical(category: string, message: unknown, attributes?: Attributes): void {
    this.log('critical', category, message, attributes)
  }

  /** An event of the process itself: start-up, a timer, a crash. */
  log(level: Level, category: string, message: unknown, attributes?: Attributes): void {
    if (!this.#core.enabled || !isLevel(level) || RANK[level] < RANK[this.#core.level]) return
    this.#core.recorder.logProcess(RANK[level], category, message, attributes)
  }

  /** Where all events logged so far are. */
  stats(): Stats {
    const { acknowledged, rejected, givenUp, inFlight } = this.#shipper
    const { droppedEvents, events } = this.#buffer
    const unsent = events + inFlight
    const waiting = this.#shipper.stopped ? 0 : unsent
    const dropped = droppedEvents + givenUp + (unsent - waiting)
    return { logged: acknowledged + rejected + dropped + waiting, acknowledged, rejected, dropped, waiting, ...this.#core.counts }
  }

  /** True once everything logged so far is acknowledged or counted as dropped; false when `withinMs` passed first. */
  async flush(withinMs: number = FLUSH_MS): Promise<boolean> {
    return this.#core.enabled ? this.#shipper.flush(withinMs) : true
  }

  /**
   * From now on nobody is sent here: for an orderly end, before the last requests are answered. Until `stop` this process goes on calling,
   * answering and logging, but gives no sign of life.
   */
  async leave(): Promise<void> {
    if (this.#core.enabled) await this.#presence.stop()
  }

  /** Flushes for at most 2 s, says goodbye and ends all timers. Afterwards every call is a no-op. */
  async stop(): Promise<void> {
    if (this.#stopped || !this.#core.enabled) return
    this.#stopped = true
    await this.#shipper.flush(STOP_MS)
    this.#core.enabled = false
    this.#shipper.stop()
    this.#unwatch()
    this.#discovery.stop()
    await this.#presence.stop()
    this.#platform.disconnect()
  }

  #watch(): () => void {
    this.#presence.start()
    return this.#platform.onExit({
      flush: (withinMs) => this.#flushAndLeave(withinMs),
      lastWords: () => {
        this.#shipper.lastWords()
        // Who crashes leaves without a word: what it was at died.
        if (!this.#crashed) this.#presence.lastWords()
      },
      pending: () => this.#shipper.pending,
      crashed: (error, origin) => {
        this.#crashed = true
        this.critical('process', error, { origin })
      },
    })
  }

  /** The process is about to end. */
  async #flushAndLeave(withinMs: number): Promise<boolean> {
    const { monotonicMs } = this.#platform.time
    const untilMs = monotonicMs() + withinMs
    const done = await this.#shipper.flush(withinMs, true)
    if (!this.#crashed) await this.#presence.leave(Math.min(LEAVE_MS, Math.max(0, untilMs - monotonicMs())))
    return done
  }
}

function copyOf<T extends object>(options: T): Partial<T> {
  return harmless(() => ({ ...options }), {})
}

function describeNode(id: string, { service, version, environment, address }: Settings, platform: Platform): NodeInfo {
  return {
    id,
    service,
    version,
    environment: environment.name,
    ...(address === undefined ? {} : { address }),
    ...platform.describe(),
    sdk: `groundtrack-js/${VERSION}`,
  }
}
