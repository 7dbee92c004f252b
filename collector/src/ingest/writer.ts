import { classifyError, errorCode } from '@groundtrack/db'
import type { FastifyBaseLogger } from 'fastify'
import { CallMemory } from './calls/call-memory.js'
import { ApiError, spreadRetrySeconds } from '../errors.js'
import type { Metrics } from '../telemetry/metrics.js'
import { findRefusedLines } from './find-refused-lines.js'
import { Lane, type LaneOptions } from './lane.js'
import type { IngestLimits } from './limits.js'
import { WriteQueue, type Waiting } from './write-queue.js'
import { countBytes, type Outcome, type WriteRequest } from './write-request.js'

export interface CommittedFlush {
  writerId: number
  flushNo: number
  events: number
}

export interface WriterOptions extends Omit<LaneOptions, 'memory'> {
  limits: IngestLimits
  log: FastifyBaseLogger
  metrics: Metrics
  /** Connections that write side by side. */
  lanes: number
  /** Told of every flush right after its commit, before anybody waiting is answered. */
  onFlush?: (flush: CommittedFlush) => void
}

/** A connection and who waits for it. */
interface Track {
  lane: Lane
  queue: WriteQueue
  running: boolean
  /** Requests that wait or are being written, by producer, and their bytes together. */
  pending: Map<string, number>
  pendingBytes: number
}

/** Longest that stopping waits for what is in flight. */
const CLOSE_TIMEOUT_MS = 10_000

/**
 * Joins all waiting requests into one transaction; the next begins when it ends, so batches grow with the load by themselves.
 * Nobody is answered before the commit. Waits are bounded in bytes by the budget and in time by `maxWaitMs`.
 */
export class Writer {
  readonly #options: WriterOptions
  readonly #tracks: Track[]
  #closing = false
  #drained: () => void = () => {}

  constructor(options: WriterOptions) {
    this.#options = options
    // One for all lanes: a call and its return may be written by different ones.
    const memory = new CallMemory((returns) => options.metrics.unpairedReturns.add(returns))
    this.#tracks = Array.from({ length: options.lanes }, () => ({
      lane: new Lane({ ...options, memory }),
      queue: new WriteQueue(options.limits.maxWaitMs),
      running: false,
      pending: new Map(),
      pendingBytes: 0,
    }))
  }

  /** Returns after commit. Throws ApiError overloaded, db_unavailable, shutting_down, internal. */
  async write(request: WriteRequest): Promise<Outcome> {
    if (this.#closing) throw new ApiError('shutting_down', { retryAfterSeconds: 1 })
    const producer = request.range?.producer ?? ''
    const bytes = countBytes(request)
    const track = this.#chooseTrack(producer)
    track.pending.set(producer, (track.pending.get(producer) ?? 0) + 1)
    track.pendingBytes += bytes
    const outcome = track.queue.add(request)
    // One turn of the event loop lets requests that arrived together share a transaction.
    setImmediate(() => {
      if (!track.running) void this.#run(track)
    })
    try {
      return await outcome
    } finally {
      const left = (track.pending.get(producer) ?? 1) - 1
      if (left === 0) track.pending.delete(producer)
      else track.pending.set(producer, left)
      track.pendingBytes -= bytes
    }
  }

  /** Finishes what is in flight, at most 10 s. */
  async close(): Promise<void> {
    this.#closing = true
    let timer: NodeJS.Timeout | undefined
    const drained = new Promise<void>((resolve) => {
      this.#drained = resolve
      timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)
      this.#checkDrained()
    })
    await drained
    clearTimeout(timer)
    for (const { lane, queue } of this.#tracks) {
      queue.rejectAll(new ApiError('shutting_down', { retryAfterSeconds: 1 }))
      lane.close()
    }
  }

  /** The one with the least to do; but a producer's batches that meet go the same way: on two they would wait for each other's lock. */
  #chooseTrack(producer: string): Track {
    const [first, ...others] = this.#tracks
    if (!first) throw new Error('a writer without lanes')
    const taken = producer === '' ? undefined : this.#tracks.find(({ pending }) => pending.has(producer))
    return taken ?? others.reduce((least, track) => (track.pendingBytes < least.pendingBytes ? track : least), first)
  }

  async #run(track: Track): Promise<void> {
    track.running = true
    while (!track.queue.isEmpty) await this.#flush(track.lane, track.queue.take(this.#options.limits.maxFlushBytes))
    track.running = false
    this.#checkDrained()
  }

  #checkDrained(): void {
    if (this.#closing && this.#tracks.every(({ queue, running }) => queue.isEmpty && !running)) this.#drained()
  }

  /** Writes and answers these requests, whatever happens. */
  async #flush(lane: Lane, batch: Waiting[]): Promise<void> {
    const { metrics, log } = this.#options
    const startedAt = performance.now()
    try {
      const result = await lane.write(
        batch.map(({ request }) => request),
        'commit',
      )
      metrics.flushSeconds.observe((performance.now() - startedAt) / 1000)
      if (result.used) this.#options.onFlush?.({ writerId: result.writerId, flushNo: result.flushNo, events: result.events })
      batch.forEach(({ resolve }, i) => resolve(result.outcomes[i] ?? { kind: 'conflict' }))
    } catch (error) {
      metrics.flushFailures.add(1)
      if (isRefused(error)) return this.#separate(lane, batch, error)
      log.error({ err: describe(error), requests: batch.length }, 'flush failed')
      const answer =
        classifyError(error) === 'other'
          ? new ApiError('internal')
          : new ApiError('db_unavailable', { retryAfterSeconds: spreadRetrySeconds() })
      for (const { reject } of batch) reject(answer)
    }
  }

  /** The database refused the data: halves the flush until the request at fault is alone, then finds its lines and leaves them out. */
  async #separate(lane: Lane, batch: Waiting[], cause: unknown): Promise<void> {
    const { log } = this.#options
    const [only] = batch
    if (only === undefined) return
    if (batch.length > 1) {
      const middle = batch.length >> 1
      await this.#flush(lane, batch.slice(0, middle))
      return this.#flush(lane, batch.slice(middle))
    }
    try {
      const refused = await findRefusedLines(lane, only.request, isRefused)
      // A validation rule is missing: the decoder let something through that PostgreSQL can't hold.
      log.error({ err: describe(cause), lines: refused.size }, 'the database refused events')
      if (refused.size === 0 || only.refused) return only.reject(new ApiError('internal'))
      only.refused = true
      only.request.content = only.request.without(refused)
    } catch (error) {
      log.error({ err: describe(error) }, 'flush failed')
      return only.reject(new ApiError('db_unavailable', { retryAfterSeconds: spreadRetrySeconds() }))
    }
    return this.#flush(lane, [only])
  }
}

/** SQLSTATE classes 22 (data exception) and 54 (beyond a limit): the same data would be refused each time. */
function isRefused(error: unknown): boolean {
  const code = errorCode(error)
  return code?.length === 5 && (code.startsWith('22') || code.startsWith('54'))
}

/** PostgreSQL's words about refused data quote them, and so does its detail always. */
function describe(error: unknown) {
  return { code: errorCode(error), message: error instanceof Error && !isRefused(error) ? error.message : undefined }
}
