import { listFlushesAfter, readFrontier, type ProjectReader, type StoredFlush } from '@groundtrack/db'
import type { FastifyBaseLogger } from 'fastify'
import { FlushLog } from './flush-log.js'
import { inPieces, readGroups } from './read-flushes.js'

export interface FollowerOptions {
  reader: ProjectReader
  log: FastifyBaseLogger
  /** Brings the index that finds new events up to date. */
  summarise: () => Promise<void>
}

type Seen = Map<number, { flushNo: number; receivedMicros: number }>

/** What another collector wrote is noticed after that long. */
const POLL_MS = 200
/** A writer that has been idle for that long is asked only now and then. */
const IDLE_MICROS = 3_600_000_000
const POLLS_PER_ROUND = 50
const SUMMARISE_MS = 2_000

/**
 * Reads what was committed – here, told by `wake`, or by another collector – once for all tails, as long as there are any. Failures
 * of the database only delay it: the frontier moves on what was read.
 */
export class Follower {
  readonly log = new FlushLog()
  readonly #options: FollowerOptions
  #followers = 0
  #seen: Seen | null = null
  #starting: Promise<void> | null = null
  #timer: NodeJS.Timeout | undefined
  #isReading = false
  #isWoken = false
  #isWaiting = false
  #polls = 0
  #summarisedMs = -Infinity
  readonly #waiting = new Set<() => void>()

  constructor(options: FollowerOptions) {
    this.#options = options
  }

  /** One more tail. What is committed after this is resolved will be in the log. */
  async join(): Promise<void> {
    this.#followers++
    if (this.#seen) return
    this.#starting ??= this.#start().finally(() => (this.#starting = null))
    await this.#starting
  }

  leave(): void {
    if (--this.#followers > 0) return
    clearInterval(this.#timer)
    this.#seen = null
    this.log.clear()
  }

  /** Something was committed by this collector. */
  wake(): void {
    if (this.#seen) void this.#read()
  }

  /** Resolves when the log has grown beyond `index`, or the signal is aborted. */
  waitBeyond(index: number, signal: AbortSignal): Promise<void> {
    if (this.log.end > index || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  async #start(): Promise<void> {
    const seen = await readFrontier(this.#options.reader)
    if (this.#followers === 0) return
    this.#seen = seen
    this.#timer = setInterval(() => void this.#read(), POLL_MS).unref()
  }

  async #read(): Promise<void> {
    this.#isWoken = true
    if (this.#isReading) return
    this.#isReading = true
    try {
      while (this.#isWoken && this.#seen) {
        this.#isWoken = false
        await this.#readNew(this.#seen)
        this.#isWaiting = false
      }
    } catch (error) {
      if (!this.#isWaiting) this.#options.log.warn({ err: error }, 'tails wait for the database')
      this.#isWaiting = true
    } finally {
      this.#isReading = false
    }
  }

  async #readNew(seen: Seen): Promise<void> {
    const flushes = await listFlushesAfter(this.#options.reader, seen, this.#chooseWriters(seen))
    if (flushes.length > 0) await this.#summarise()
    for (const piece of inPieces(inArrivalOrder(flushes))) {
      const groups = await readGroups(this.#options.reader, piece)
      if (this.#seen !== seen) return
      this.log.append(groups)
      for (const { writerId, flushNo, receivedMicros } of piece) seen.set(writerId, { flushNo, receivedMicros })
      for (const wake of this.#waiting) wake()
    }
  }

  /** At most every two seconds. Where somebody else is at it, the next time will do. */
  async #summarise(): Promise<void> {
    const nowMs = performance.now()
    if (nowMs - this.#summarisedMs < SUMMARISE_MS) return
    this.#summarisedMs = nowMs
    await this.#options.summarise().catch((error: unknown) => this.#options.log.debug({ err: error }, 'arrivals were not summarised'))
  }

  #chooseWriters(seen: Seen): number[] {
    if (this.#polls++ % POLLS_PER_ROUND === 0) return [...seen.keys()]
    const newest = Math.max(0, ...[...seen.values()].map(({ receivedMicros }) => receivedMicros))
    return [...seen].filter(([, { receivedMicros }]) => receivedMicros > newest - IDLE_MICROS).map(([writerId]) => writerId)
  }
}

/** As they were received, but each writer's in the order of their numbers, whatever its clock did. */
export function inArrivalOrder(flushes: readonly StoredFlush[]): StoredFlush[] {
  const latest = new Map<number, number>()
  return flushes
    .map((flush) => {
      const at = Math.max(flush.receivedMicros, latest.get(flush.writerId) ?? 0)
      latest.set(flush.writerId, at)
      return { flush, at }
    })
    .toSorted((a, b) => a.at - b.at)
    .map(({ flush }) => flush)
}
