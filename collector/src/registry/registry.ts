import { performance } from 'node:perf_hooks'
import type { FastifyBaseLogger } from 'fastify'
import {
  classifyError,
  expireNodes,
  inNodeTransition,
  leaveNodes,
  loadNodeTable,
  openProjectReader,
  pollNodes,
  recordGap,
  type Database,
  type Leave,
  type ProjectReader,
  type RegisteredNode,
  type Registration,
} from '@groundtrack/db'
import type { RegistryHealth } from '../api.js'
import { ApiError } from '../errors.js'
import { formatMicros } from '../query/time.js'
import { Batches } from './batches.js'
import { HeartbeatWriter } from './heartbeat-writer.js'
import { NodeTable, type TableEvent } from './node-table.js'
import { saysTheSame } from './same-registration.js'

export interface RegistryOptions {
  db: Database
  projectId: number
  /** Milliseconds since the epoch: what is written and shown. */
  now: () => number
  /** Milliseconds that never go back: what silence is measured by. */
  monotonicMs: () => number
  log: FastifyBaseLogger
  maxNodes?: number
}

/** How long after a change by another collector this one may learn of it. */
const TURN_MS = 250
/** Between two turns that lie further apart than that the process or its machine stood still: nobody could be heard meanwhile. */
const LATE_MS = 2_000
const MAX_NODES = 10_000
const MAX_TABLE_BYTES = 64 * 1024 * 1024
/** Nodes that went are shown for an hour, the newest at most. */
export const GONE_SHOWN_MS = 3_600_000
const MAX_GONE = 2_000
const EXPIRE_AT_ONCE = 1_000
const LEAVES_AT_ONCE = 500

/**
 * The registry of one project: which nodes are there. Rows of node are the truth, which all collectors share; what this one hears
 * it writes there, what others heard it polls. It never connects to a node.
 */
export class Registry {
  readonly table = new NodeTable()
  readonly #options: RegistryOptions
  readonly #reader: ProjectReader
  readonly #writer: HeartbeatWriter
  /** Answers whether the node belongs to another bearer. */
  readonly #leaves: Batches<Leave, boolean>
  /** The heartbeat that is being written, by UUID. */
  readonly #beating = new Map<string, Promise<unknown>>()
  readonly #watchers = new Set<(events: readonly TableEvent[]) => void>()
  #horizon: string | null = null
  #timer: NodeJS.Timeout | undefined
  #turning: Promise<void> = Promise.resolve()
  #settling: Promise<void> | null = null
  #polledMs = performance.now()
  #isStopped = false
  #isBlind = true
  #health: { state: RegistryHealth['state']; sinceMicros: number }

  constructor(options: RegistryOptions) {
    const { db, projectId, now } = options
    this.#options = options
    this.#reader = openProjectReader(db.follow, projectId)
    this.#health = { state: 'grace', sinceMicros: now() * 1_000 }
    this.#writer = new HeartbeatWriter({
      db,
      projectId,
      now,
      findSame: (registration) => this.#findSame(registration),
      onWritten: (rows) => this.#merge(rows),
    })
    this.#leaves = new Batches(LEAVES_AT_ONCE, async (leaves) => {
      const { rows, owned } = await inNodeTransition(db.ingest, projectId, (client) =>
        leaveNodes(client, projectId, leaves, new Date(now())),
      )
      this.#merge(rows)
      return leaves.map((_, place) => owned.has(place))
    })
  }

  /** Loads the table and begins to listen. Without a database it waits for one. */
  async start(): Promise<void> {
    await this.#turn()
    this.#plan()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#turning
    await this.#writer.idle()
    await this.#leaves.idle()
  }

  /** Registers, or is the heartbeat. Resolves once it is stored. Throws node_owned, too_many_nodes. */
  async beat(registration: Registration): Promise<void> {
    const known = this.table.find(registration)
    const isLive = known !== undefined && known.state !== 'gone'
    if (!isLive && (this.table.liveCount >= (this.#options.maxNodes ?? MAX_NODES) || this.table.bytes >= MAX_TABLE_BYTES))
      throw new ApiError('too_many_nodes')
    const writing = this.#writer.add(registration)
    this.#beating.set(registration.uuid, writing)
    try {
      const written = await writing
      if (written === 'owned') throw new ApiError('node_owned')
      if (written !== 'stored') throw written
    } catch (error) {
      if (classifyError(error) === 'unavailable') this.#goBlind(error)
      throw error
    } finally {
      if (this.#beating.get(registration.uuid) === writing) this.#beating.delete(registration.uuid)
    }
  }

  /** Throws node_owned where nothing of it is this owner's. */
  async leave(leave: Leave): Promise<void> {
    // A heartbeat that came before it must not bring the node back.
    await this.#beating.get(leave.uuid)?.catch(() => undefined)
    if (await this.#leaves.add(leave)) throw new ApiError('node_owned')
  }

  /** Carries out what is due at this instant. Without a database it waits for the next turn. */
  settle(): Promise<void> {
    this.#settling ??= this.#expire().finally(() => (this.#settling = null))
    return this.#settling
  }

  /** Nodes that others may be sent to, and those that are there only. db_unavailable until the table was loaded. */
  active(): RegisteredNode[] {
    if (this.#horizon === null) throw new ApiError('db_unavailable', { retryAfterSeconds: 2 })
    return [...this.table.entries()].filter(({ node }) => node.state === 'up').map(({ node }) => node)
  }

  /** It should have been heard, and nobody can tell why it was not: too many are silent, or this collector just began to listen. */
  isUnknown(node: RegisteredNode): boolean {
    const entry = this.table.get(node.id)
    if (node.state !== 'up' || !entry) return false
    const silentMicros = this.#options.now() * 1_000 - node.seenMicros
    return entry.isHeld || (!entry.isHeard && silentMicros > node.ttlSeconds * 1_000_000)
  }

  health(): RegistryHealth {
    const { state, held } = this.table.health(this.#options.monotonicMs(), this.#isBlind)
    if (state !== this.#health.state) this.#health = { state, sinceMicros: this.#options.now() * 1_000 }
    return { state, since: formatMicros(this.#health.sinceMicros), ...(state === 'degraded' && { held }) }
  }

  /** Calls back with each change from now on; answers how to stop it. */
  watch(onEvents: (events: readonly TableEvent[]) => void): () => void {
    this.#watchers.add(onEvents)
    return () => void this.#watchers.delete(onEvents)
  }

  #plan(): void {
    if (this.#isStopped) return
    this.#timer = setTimeout(() => {
      this.#turning = this.#turn().then(() => this.#plan())
    }, TURN_MS)
    this.#timer.unref()
  }

  async #turn(): Promise<void> {
    const { now } = this.#options
    try {
      await this.#poll()
      await this.settle()
      this.table.forgetGone((now() - GONE_SHOWN_MS) * 1_000, MAX_GONE)
      this.health()
    } catch (error) {
      this.#goBlind(error)
    }
  }

  #goBlind(error: unknown): void {
    if (!this.#isBlind) this.#options.log.warn({ err: error }, 'the registry cannot use its database; nobody expires until it can')
    this.#isBlind = true
  }

  /**
   * Learns what changed; everything anew after a time in which heartbeats could not be stored. Where only this process was held
   * up, that time doesn't count as silence.
   */
  async #poll(): Promise<void> {
    const { monotonicMs } = this.#options
    if (this.#horizon === null || this.#isBlind) {
      const { horizon, rows } = await this.#load()
      this.#horizon = horizon
      this.#tell(this.table.reload(rows, monotonicMs()))
    } else {
      const { horizon, rows } = await pollNodes(this.#reader, this.#horizon)
      const heldUpMs = performance.now() - this.#polledMs
      if (heldUpMs > LATE_MS) this.table.skip(heldUpMs)
      this.#horizon = horizon
      this.#merge(rows)
    }
    this.#polledMs = performance.now()
    this.#isBlind = false
  }

  async #load() {
    const { db, projectId, now } = this.#options
    await recordGap(db.ingest, projectId, new Date(now()))
    return loadNodeTable(this.#reader, new Date(now() - GONE_SHOWN_MS), MAX_GONE)
  }

  async #expire(): Promise<void> {
    const { db, projectId, now, monotonicMs } = this.#options
    const due = this.#isBlind ? [] : this.table.due(monotonicMs())
    try {
      for (let i = 0; i < due.length; i += EXPIRE_AT_ONCE) {
        const some = due.slice(i, i + EXPIRE_AT_ONCE)
        this.#merge(await inNodeTransition(db.ingest, projectId, (client) => expireNodes(client, projectId, some, new Date(now()))))
      }
    } catch (error) {
      this.#goBlind(error)
    }
  }

  #merge(rows: readonly RegisteredNode[]): void {
    this.#tell(this.table.merge(rows, this.#options.monotonicMs()))
  }

  #tell(events: readonly TableEvent[]): void {
    if (events.length > 0) for (const onEvents of this.#watchers) onEvents(events)
  }

  #findSame(registration: Registration): number | null {
    const node = this.table.find(registration)
    return node?.state === 'up' && saysTheSame(node, registration) ? node.id : null
  }
}
