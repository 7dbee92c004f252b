import { errorCode, insertWriter, rollbackFlush, type Connection, type Database } from '@groundtrack/db'
import type { CallMemory } from './calls/call-memory.js'
import { flush, type FlushResult } from './flush.js'
import type { WriteRequest } from './write-request.js'

/** A flush that hangs longer than its statements may is given up with its connection: the network may have gone silent. */
const WATCHDOG_MS = 15_000
const SILENT = 'ETIMEDOUT'

export interface LaneOptions {
  db: Database
  collector: string
  now: () => number
  memory: CallMemory
}

/**
 * One connection and the writer id that numbers its flushes 1, 2, 3 …, committed one after another: what is visible of a writer
 * is always a prefix. A lost connection may hide a commit, so the next one goes under a new id.
 */
export class Lane {
  readonly #options: LaneOptions
  #connection: Connection | null = null
  #writerId = 0
  #flushNo = 0

  constructor(options: LaneOptions) {
    this.#options = options
  }

  /** Writes the requests in one transaction. Throws the database's error; the lane stays usable. */
  async write(requests: readonly WriteRequest[], end: 'commit' | 'rollback'): Promise<FlushResult & { writerId: number; flushNo: number }> {
    const connection = await this.#connect()
    const place = { writerId: this.#writerId, flushNo: this.#flushNo + 1, receivedMs: this.#options.now() }
    try {
      const result = await withWatchdog(flush(connection, requests, place, end, this.#options.memory))
      if (result.used && end === 'commit') this.#flushNo = place.flushNo
      return { ...result, writerId: place.writerId, flushNo: place.flushNo }
    } catch (error) {
      await this.#recover(connection, error)
      throw error
    }
  }

  close(): void {
    this.#connection?.release()
    this.#connection = null
  }

  async #connect(): Promise<Connection> {
    if (this.#connection) return this.#connection
    const { db, collector, now } = this.#options
    const connection = await db.ingest.connect()
    try {
      this.#writerId = await insertWriter(connection, collector, new Date(now()))
    } catch (error) {
      connection.release(true)
      throw error
    }
    this.#flushNo = 0
    this.#connection = connection
    return connection
  }

  /** After a refused statement the transaction is rolled back for certain, and its number is free; else all starts afresh. */
  async #recover(connection: Connection, cause: unknown): Promise<void> {
    try {
      if (errorCode(cause) === SILENT) throw cause
      await withWatchdog(rollbackFlush(connection))
    } catch {
      connection.release(true)
      this.#connection = null
    }
  }
}

async function withWatchdog<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('the database does not answer'), { code: SILENT })), WATCHDOG_MS)
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
