import { IdleConnectionClosed, type Platform, type Timer } from '../platform/platform.js'
import type { WallClock } from '../wall-clock.js'
import { backoffMs } from './backoff.js'
import { decodeBatch, encodeBatch, givenUp, halves, renumbered, type FrozenBatch, type NodeInfo, type Producer } from './batch.js'
import type { Buffer, Taken } from './buffer.js'
import { judge, type Verdict } from './verdict.js'
import { Waits } from './waits.js'

export interface ShipperOptions {
  platform: Platform
  buffer: Buffer
  clock: WallClock
  node: NodeInfo
  /** Makes the id of a producer. */
  newId: () => string
  url: string
  headers: Readonly<Record<string, string>>
  random?: () => number
  /** A batch is frozen when its oldest event is this old … */
  batchAgeMs?: number
  /** … or when this many events … */
  batchEvents?: number
  /** … or bytes of lines wait. */
  batchBytes?: number
}

const MAX_IN_FLIGHT = 4
const MAX_HOPS_LISTED = 256
const REQUEST_TIMEOUT_MS = 30_000
/** How much is handed over, at most, in the instant before the process ends. */
const LAST_WORDS_BATCHES = 8

/** In place of the lines, once they lie frozen. */
const NOTHING: Taken = { first: 0, last: -1, lines: [], numbers: [], dropped: [] }

interface Flight {
  /** Events that are not settled yet. */
  events: number
  /** What it set out with, … */
  producer: Producer
  taken: Taken
  /** … and as it was frozen. */
  batch: FrozenBatch | undefined
}

/** Delivers the buffer: freezes batches, sends them until acknowledged, at most four at once. Never throws at its caller. */
export class Shipper {
  acknowledged = 0
  rejected = 0
  givenUp = 0
  stopped = false
  producer: Producer | undefined
  readonly #options: ShipperOptions
  readonly #batchEvents: number
  readonly #batchBytes: number
  readonly #flights = new Set<Flight>()
  readonly #waits: Waits
  readonly #warned = new Set<string>()
  #processId: number
  #timer: Timer | undefined
  #overdue = false
  #hurried = false
  #watchers: ((failed: boolean) => void)[] = []

  constructor(options: ShipperOptions) {
    this.#options = options
    this.#batchEvents = options.batchEvents ?? 500
    this.#batchBytes = options.batchBytes ?? 262_144
    this.#waits = new Waits(options.platform)
    this.#processId = options.platform.processId()
  }

  /** Events in batches that are not acknowledged yet. */
  get inFlight(): number {
    let events = 0
    for (const flight of this.#flights) events += flight.events
    return events
  }

  get pending(): boolean {
    return !this.#options.buffer.empty || this.#flights.size > 0
  }

  /** Something was added to the buffer. */
  notice(): void {
    if (this.#timer === undefined) this.#arm()
    else if (!this.#hurried && this.#full() && this.#flights.size < MAX_IN_FLIGHT) this.#hurry()
  }

  /**
   * True once everything logged before is acknowledged or accounted as dropped; false when `withinMs` passed first, or,
   * with `giveUpEarly`, as soon as the collector can't be reached.
   */
  flush(withinMs: number, giveUpEarly = false): Promise<boolean> {
    const target = this.#options.buffer.nextSeq
    this.#overdue = true
    this.#waits.hurry()
    this.#pump()
    return new Promise((resolve) => {
      const end = (done: boolean): void => {
        timer.cancel()
        this.#watchers = this.#watchers.filter((one) => one !== check)
        resolve(done)
      }
      const check = (failed: boolean): void => {
        if (this.#settledBelow(target)) end(true)
        else if (failed && giveUpEarly) end(false)
      }
      const timer = this.#options.platform.schedule(withinMs, () => end(false), true)
      this.#watchers.push(check)
      check(false)
    })
  }

  stop(): void {
    this.stopped = true
    this.#timer?.cancel()
    this.#waits.hurry()
  }

  /**
   * Hands what is not acknowledged to open connections without waiting for an answer: the process ends now. What is on the wire
   * already may not have left the process, so it goes again: the same bytes twice are stored once.
   */
  lastWords(): void {
    const { platform, buffer } = this.#options
    for (const { batch, producer, taken } of this.#flights) {
      if (!platform.sendNow(this.#request(batch ?? this.#freezeNow(producer, taken)))) return
    }
    for (let i = 0; i < LAST_WORDS_BATCHES; i++) {
      const producer = this.#currentProducer()
      const taken = buffer.take(this.#batchEvents, this.#batchBytes, MAX_HOPS_LISTED)
      if (taken === undefined || !platform.sendNow(this.#request(this.#freezeNow(producer, taken)))) return
    }
  }

  #arm(): void {
    this.#timer = this.#options.platform.schedule(this.#options.batchAgeMs ?? 250, () => {
      this.#timer = undefined
      this.#overdue = true
      this.#pump()
    })
  }

  #hurry(): void {
    this.#hurried = true
    this.#options.platform.schedule(0, () => {
      this.#hurried = false
      this.#pump()
    })
  }

  #full(): boolean {
    const { buffer } = this.#options
    return buffer.events >= this.#batchEvents || buffer.bytes >= this.#batchBytes
  }

  #pump(): void {
    const { buffer } = this.#options
    while (!this.stopped && this.#flights.size < MAX_IN_FLIGHT && !buffer.empty && (this.#overdue || this.#full())) {
      const producer = this.#currentProducer()
      const taken = buffer.take(this.#batchEvents, this.#batchBytes, MAX_HOPS_LISTED)
      if (taken === undefined) break
      void this.#fly(producer, taken)
    }
    if (!buffer.empty) return
    this.#overdue = false
    this.#timer?.cancel()
    this.#timer = undefined
  }

  async #fly(producer: Producer, taken: Taken): Promise<void> {
    const flight: Flight = { events: taken.lines.length, producer, taken, batch: undefined }
    this.#flights.add(flight)
    try {
      await this.#deliver(flight, await this.#freeze(flight, producer, taken), false)
    } catch (error) {
      this.#warnOnce(`a batch could not be sent and is given up: ${String(error)}`)
    } finally {
      this.#flights.delete(flight)
      // Not settled: sending failed in a way that no retry heals, or the SDK was stopped.
      this.givenUp += flight.events
      this.#options.buffer.release(flight.batch?.body.length ?? 0)
      this.#tell(false)
      this.#pump()
    }
  }

  /** `unsure`: these numbers may have been stored before, in another batch whose answer never came. */
  async #deliver(flight: Flight, batch: FrozenBatch, unsure: boolean): Promise<void> {
    let lost = unsure
    for (let attempt = 0; !this.stopped; attempt++) {
      const verdict = await this.#attempt(batch)
      if (verdict === undefined || verdict.kind === 'retry' || verdict.kind === 'again') lost = true
      switch (verdict?.kind) {
        case 'acknowledged':
          return this.#settle(flight, batch, verdict.rejected)
        case 'conflict':
          // Stored after all, as a whole or under other bytes: an earlier answer was lost on the way.
          if (unsure) return this.#settle(flight, { ...batch, events: batch.events + batch.givenUp, givenUp: 0 }, 0)
          return this.#deliver(flight, await this.#underNewProducer(flight, batch, verdict.newProducer), false)
        case 'too_large':
          return this.#split(flight, batch, lost)
        case 'refused':
          return this.#replaceBy(flight, batch, `refused_${verdict.code}`, lost)
      }
      if (verdict?.kind === 'again') continue
      if (verdict?.warning !== undefined) this.#warnOnce(verdict.warning)
      this.#tell(verdict === undefined)
      const random = this.#options.random ?? Math.random
      await this.#waits.wait(verdict?.afterMs ?? backoffMs(attempt, random()), verdict?.afterMs === undefined)
    }
  }

  #settle(flight: Flight, { events, givenUp: lost }: FrozenBatch, rejected: number): void {
    flight.events -= events + lost
    this.acknowledged += events - rejected
    this.rejected += rejected
    this.givenUp += lost
  }

  /** undefined when no whole answer came: the batch may be stored, or not. */
  async #attempt(batch: FrozenBatch): Promise<Verdict | { kind: 'again' } | undefined> {
    try {
      return judge(await this.#options.platform.send(this.#request(batch)), batch)
    } catch (error) {
      // At once, and only as often as there are idle connections: a flush at exit must not take a closed one for an outage.
      return error instanceof IdleConnectionClosed ? { kind: 'again' } : undefined
    }
  }

  async #split(flight: Flight, batch: FrozenBatch, unsure: boolean): Promise<void> {
    const parts = halves(decodeBatch(await this.#options.platform.gunzip(batch.body)))
    if (parts === undefined) return this.#replaceBy(flight, batch, 'too_large', unsure)
    const producer = { id: batch.producer, epoch: batch.epoch }
    for (const part of parts) await this.#deliver(flight, await this.#freeze(flight, producer, part), unsure)
  }

  /** The numbers of a batch that can never be stored are told as dropped. */
  async #replaceBy(flight: Flight, batch: FrozenBatch, reason: string, unsure: boolean): Promise<void> {
    this.#warnOnce(`the collector refused a batch of ${batch.events} events (${reason}): they are given up and counted.`)
    if (batch.events === 0) return this.#settle(flight, batch, 0)
    const content = givenUp(decodeBatch(await this.#options.platform.gunzip(batch.body)), reason)
    const producer = { id: batch.producer, epoch: batch.epoch }
    const notice = { ...(await this.#freeze(flight, producer, content)), givenUp: batch.events }
    return this.#deliver(flight, notice, unsure)
  }

  /** Somebody else numbers under the same id (a copied process): this one goes on under an id of its own. */
  async #underNewProducer(flight: Flight, batch: FrozenBatch, newProducer: string | undefined): Promise<FrozenBatch> {
    const content = decodeBatch(await this.#options.platform.gunzip(batch.body))
    const { buffer, newId } = this.#options
    const count = batch.last - batch.first + 1
    let first = 0
    if (this.producer?.id === batch.producer) {
      this.producer = { id: newProducer ?? newId(), epoch: 1 }
      buffer.renumber(count)
    } else first = buffer.claim(count)
    return this.#freeze(flight, this.#currentProducer(), renumbered(content, first))
  }

  async #freeze(flight: Flight, producer: Producer, taken: Taken): Promise<FrozenBatch> {
    const body = await this.#options.platform.gzip(this.#encode(producer, taken))
    this.#options.buffer.reserve(body.length - (flight.batch?.body.length ?? 0))
    const batch = { ...frozen(producer, taken), body }
    flight.batch = batch
    flight.taken = NOTHING
    return batch
  }

  #freezeNow(producer: Producer, taken: Taken): FrozenBatch {
    return { ...frozen(producer, taken), body: this.#options.platform.gzipNow(this.#encode(producer, taken)) }
  }

  #currentProducer(): Producer {
    const processId = this.#options.platform.processId()
    if (this.producer === undefined || processId !== this.#processId) {
      if (this.producer !== undefined) this.#options.buffer.renumber(0)
      this.#processId = processId
      this.producer = { id: this.#options.newId(), epoch: 1 }
    }
    return this.producer
  }

  #encode(producer: Producer, taken: Taken): string {
    return encodeBatch(producer, this.#options.node, taken, this.#options.clock.now())
  }

  #request(batch: FrozenBatch): Parameters<Platform['send']>[0] {
    const headers = { ...this.#options.headers, 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' }
    return { method: 'POST', url: `${this.#options.url}/v1/batches`, headers, body: batch.body, timeoutMs: REQUEST_TIMEOUT_MS }
  }

  #settledBelow(seq: number): boolean {
    const waiting = this.#options.buffer.firstSeq
    return this.#flights.size === 0 && (waiting === undefined || waiting >= seq)
  }

  #tell(failed: boolean): void {
    for (const watcher of this.#watchers) watcher(failed)
  }

  #warnOnce(text: string): void {
    if (this.#warned.has(text) || this.#warned.size >= 16) return
    this.#warned.add(text)
    this.#options.platform.warn(text)
  }
}

function frozen(producer: Producer, taken: Taken): Omit<FrozenBatch, 'body'> {
  return { producer: producer.id, epoch: producer.epoch, first: taken.first, last: taken.last, events: taken.lines.length, givenUp: 0 }
}
