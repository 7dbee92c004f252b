import { backoffMs } from '../delivery/backoff.js'
import { retryAfterMs } from '../delivery/verdict.js'
import type { Platform, StreamOpening, Timer } from '../platform/platform.js'
import { EventStream, type StreamEvent } from './event-stream.js'
import type { NodeTable } from './node-table.js'

export interface NodeWatchOptions {
  platform: Pick<Platform, 'stream' | 'schedule' | 'time' | 'warn'>
  url: string
  headers: Readonly<Record<string, string>>
  table: NodeTable
  /** The table may have changed. */
  onChange: () => void
  random?: () => number
}

const OPEN_MS = 10_000
/** The collector sends something at least each 15 s. */
const STALL_MS = 45_000
/** A stream that lived this long was a good one: the next is tried soon. */
const GOOD_MS = 10_000
const REFUSED_RETRY_MS = 60_000
/** However often somebody asks, at most one attempt a second. */
const NUDGE_MS = 1_000

/**
 * Keeps the table as the collector tells it, by a stream of server-sent events: opened anew, with backoff and jitter, whenever it ends or
 * says nothing for 45 s. Meanwhile the table stays as it was last told.
 */
export class NodeWatch {
  /** The whole table was told at least once. */
  told = false
  /** Why there is no stream; empty while there is one. */
  trouble = 'not asked yet'
  readonly #options: NodeWatchOptions
  #stream: Timer | undefined
  #stallTimer: Timer | undefined
  #retryTimer: Timer | undefined
  #attempt = 0
  #triedMs = Number.NEGATIVE_INFINITY
  #heardMs = 0
  #warned = false
  #stopped = false

  constructor(options: NodeWatchOptions) {
    this.#options = options
  }

  /** Opens the stream, unless there is one or the next try is planned. */
  start(): void {
    if (!this.#stopped && this.#stream === undefined && this.#retryTimer === undefined) this.#open()
  }

  /** Somebody waits for news: a stream that failed is tried again now, but not more than once a second. */
  hurry(): void {
    if (!this.#stopped && this.#stream === undefined && this.#now() - this.#triedMs >= NUDGE_MS) this.#open()
  }

  stop(): void {
    this.#stopped = true
    this.#close()
    this.#retryTimer?.cancel()
  }

  #open(): void {
    const { platform, url, headers, table } = this.#options
    this.#retryTimer?.cancel()
    this.#retryTimer = undefined
    this.#triedMs = this.#now()
    this.#heardMs = this.#triedMs
    const events = new EventStream()
    const { name, fallback } = table.environment
    const places = encodeURIComponent(fallback === undefined ? name : `${fallback}:${name}`)
    const request = {
      url: `${url}/v1/nodes?watch=1&environment=${places}`,
      headers: { ...headers, accept: 'text/event-stream' },
      timeoutMs: OPEN_MS,
    }
    this.#stream = platform.stream(request, {
      opened: (opening) => this.#opened(opening),
      text: (text) => this.#read(events, text),
      ended: (reason) => this.#retry(reason),
    })
    this.#watchSilence(STALL_MS)
  }

  #opened({ status, contentType, retryAfter }: StreamOpening): void {
    this.#heardMs = this.#now()
    if (status === 200 && contentType.startsWith('text/event-stream')) {
      this.trouble = ''
      return this.#options.table.begin()
    }
    const refused = status === 401 || status === 403
    if (refused) this.#warnOnce(`the collector refuses the token (${status}) for the list of nodes: set GROUNDTRACK_TOKEN.`)
    this.#retry(`it answered HTTP ${status}`, refused ? REFUSED_RETRY_MS : retryAfterMs(retryAfter))
  }

  #read(events: EventStream, text: string): void {
    this.#heardMs = this.#now()
    try {
      for (const event of events.read(text)) this.#apply(event)
    } catch (error) {
      this.#retry(error instanceof Error ? error.message : 'its stream makes no sense')
    }
    this.#options.onChange()
  }

  #apply({ name, data }: StreamEvent): void {
    const { table } = this.#options
    if (name === 'ready') {
      table.ready()
      this.told = true
      return
    }
    const { id, service, version, environment, address } = fieldsOf(data)
    if (id === undefined) return
    if (name === 'expire') table.remove(id, service, environment)
    else if (name === 'active' && service !== undefined && environment !== undefined)
      table.put({ id, service, version: version ?? '', environment, address })
    if (table.refused > 0) this.#warnOnce('more nodes are registered than there is memory for: some are not known here.')
  }

  #watchSilence(inMs: number): void {
    this.#stallTimer = this.#options.platform.schedule(inMs, () => {
      const leftMs = this.#heardMs + STALL_MS - this.#now()
      if (leftMs > 0) this.#watchSilence(leftMs)
      else this.#retry('it said nothing for 45 s')
    })
  }

  #retry(reason: string, afterMs?: number): void {
    if (this.#stream === undefined) return
    this.#close()
    this.trouble = reason
    if (this.#now() - this.#triedMs >= GOOD_MS && afterMs === undefined) this.#attempt = 0
    const random = this.#options.random ?? Math.random
    const waitMs = afterMs ?? backoffMs(this.#attempt++, random())
    this.#retryTimer = this.#options.platform.schedule(waitMs, () => this.#open())
  }

  #close(): void {
    this.#stream?.cancel()
    this.#stream = undefined
    this.#stallTimer?.cancel()
  }

  #warnOnce(text: string): void {
    if (this.#warned) return
    this.#warned = true
    this.#options.platform.warn(text)
  }

  #now(): number {
    return this.#options.platform.time.monotonicMs()
  }
}

function fieldsOf(data: string): Partial<Record<'id' | 'service' | 'version' | 'environment' | 'address', string>> {
  try {
    const value: unknown = JSON.parse(data)
    if (typeof value !== 'object' || value === null) return {}
    const { id, service, version, environment, address } = value as Record<string, unknown>
    const fields = Object.entries({ id, service, version, environment, address })
    return Object.fromEntries(fields.filter(([, field]) => typeof field === 'string')) as Record<string, string>
  } catch {
    return {}
  }
}
