import { IdleConnectionClosed, type Platform, type Timer } from '../platform/platform.js'
import type { WallClock } from '../wall-clock.js'
import { backoffMs } from './backoff.js'
import { allDropped, givenUp, halves, renumbered, type FrozenBatch, type NodeInfo, type Producer } from './batch.js'
import type { Buffer } from './buffer.js'
import { frozenPart, newFlight, replacements, textOf, type Content, type Flight, type Part } from './flight.js'
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
/** Of one batch, its notices included: with the waits between them, at most three minutes. */
const MAX_REFUSALS = 10
const REQUEST_TIMEOUT_MS = 30_000
/** How much is handed over, at most, in the instant before the process ends. */
const LAST_WORDS_BATCHES = 8

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
    const { buffer } = this.#options
    for (const { parts } of this.#flights) for (const part of parts) if (!this.#handOver(part)) return
    for (let i = 0; i < LAST_WORDS_BATCHES; i++) {
      const producer = this.#currentProducer()
      const taken = buffer.take(this.#batchEvents, this.#batchBytes)
      if (taken === undefined || !newFlight(producer, taken).parts.every((part) => this.#handOver(part))) return
    }
  }

  #handOver(part: Part): boolean {
    const { platform } = this.#options
    const { batch } = part
    if (part.instead === undefined) return batch === undefined || platform.sendNow(this.#request(batch.body))
    const contents = replacements(part, batch === undefined ? undefined : platform.gunzipNow(batch.body))
    return contents.every((content) => platform.sendNow(this.#request(platform.gzipNow(this.#textOf(content)))))
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
      const taken = buffer.take(this.#batchEvents, this.#batchBytes)
      if (taken === undefined) break
      void this.#fly(newFlight(producer, taken))
    }
    if (!buffer.empty) return
    this.#overdue = false
    this.#timer?.cancel()
    this.#timer = undefined
  }

  async #fly(flight: Flight): Promise<void> {
    const { buffer } = this.#options
    this.#flights.add(flight)
    try {
      for (let [part] = flight.parts; part !== undefined && !this.stopped; [part] = flight.parts) {
        if (part.instead !== undefined || part.batch === undefined) await this.#replace(flight, part)
        else await this.#deliver(flight, part, part.batch)
      }
    } catch (error) {
      this.#warnOnce(`a batch could not be sent and is given up: ${String(error)}`)
    } finally {
      this.#flights.delete(flight)
      // Not settled: sending failed in a way that no retry heals, or the SDK was stopped.
      this.givenUp += flight.events
      for (const { batch } of flight.parts) buffer.release(batch?.body.length ?? 0)
      this.#tell(false)
      this.#pump()
    }
  }

  /** Freezes what goes in place of a flight's first part. */
  async #replace(flight: Flight, part: Part): Promise<void> {
    const { buffer, platform } = this.#options
    const contents = replacements(part, part.batch === undefined ? undefined : await platform.gunzip(part.batch.body))
    const parts: Part[] = []
    for (const content of contents) parts.push(frozenPart(content, await platform.gzip(this.#textOf(content))))
    flight.parts.splice(0, 1, ...parts)
    buffer.release(part.batch?.body.length ?? 0)
    buffer.reserve(parts.reduce((sum, { batch }) => sum + (batch?.body.length ?? 0), 0))
  }

  /** Sends a flight's first part until it is settled, or must be replaced. */
  async #deliver(flight: Flight, part: Part, batch: FrozenBatch): Promise<void> {
    for (let attempt = 0; !this.stopped; attempt++) {
      const verdict = await this.#attempt(batch)
      if (verdict === undefined || verdict.kind === 'retry' || verdict.kind === 'again') part.lost = true
      switch (verdict?.kind) {
        case 'acknowledged':
          return this.#settle(flight, part, { acknowledged: batch.events - verdict.rejected, rejected: verdict.rejected })
        case 'conflict':
          // Stored after all, as a whole or under other bytes: an earlier answer was lost on the way.
          if (part.unsure) return this.#settle(flight, part, { acknowledged: batch.events + part.givenUp, rejected: 0 })
          part.instead = this.#underNewProducer(part, batch, verdict.newProducer)
          return
        case 'too_large':
          if (batch.events < 2) return this.#giveUp(flight, part, batch, 'too_large')
          part.instead = (taken) =>
            halves(taken).map((half) => ({ ...part, producer: producerOf(batch), taken: half, unsure: mayBeStored(part) }))
          return
        case 'refused':
          return this.#giveUp(flight, part, batch, `refused_${verdict.code}`)
      }
      if (verdict?.kind === 'again') continue
      if (verdict?.warning !== undefined) this.#warnOnce(verdict.warning)
      this.#tell(verdict === undefined)
      await this.#backOff(attempt, verdict?.afterMs)
    }
  }

  #backOff(attempt: number, afterMs?: number): Promise<void> {
    const random = this.#options.random ?? Math.random
    return this.#waits.wait(afterMs ?? backoffMs(attempt, random()), afterMs === undefined)
  }

  /** A flight's first part has its place; what it held and is neither acknowledged nor rejected is given up. */
  #settle(flight: Flight, part: Part, { acknowledged, rejected }: { acknowledged: number; rejected: number }): void {
    const { events = 0, body } = part.batch ?? {}
    flight.parts.shift()
    this.#options.buffer.release(body?.length ?? 0)
    flight.events -= events + part.givenUp
    this.acknowledged += acknowledged
    this.rejected += rejected
    this.givenUp += events + part.givenUp - acknowledged - rejected
  }

  /** undefined when no whole answer came: the batch may be stored, or not. */
  async #attempt(batch: FrozenBatch): Promise<Verdict | { kind: 'again' } | undefined> {
    try {
      return judge(await this.#options.platform.send(this.#request(batch.body)), batch)
    } catch (error) {
      // At once, and only as often as there are idle connections: a flush at exit must not take a closed one for an outage.
      return error instanceof IdleConnectionClosed ? { kind: 'again' } : undefined
    }
  }

  /**
   * The numbers of a batch that can never be stored are told as dropped; when that is refused, too, in the shortest way, and again and
   * again: a collector that is mended meanwhile leaves no number without an account. A notice that may be stored is never changed:
   * other bytes would be refused for it, and be taken for events stored.
   */
  async #giveUp(flight: Flight, part: Part, batch: FrozenBatch, reason: string): Promise<void> {
    const { first, last, events } = batch
    part.refusals++
    if (events > 0) this.#warnOnce(`the collector refused a batch of ${events} events (${reason}): they are given up and counted.`)
    if (part.refusals > MAX_REFUSALS) {
      this.#warnOnce(`the collector refuses to be told that the events ${first} to ${last} were given up (${reason}).`)
      return this.#settle(flight, part, { acknowledged: 0, rejected: 0 })
    }
    if (events > 0 || (!part.lost && part.refusals <= 2)) {
      const history = { unsure: mayBeStored(part), givenUp: part.givenUp + events, refusals: part.refusals }
      part.instead = (taken) => {
        return [{ ...history, producer: producerOf(batch), taken: events > 0 ? givenUp(taken, reason) : allDropped(batch, reason) }]
      }
    } else await this.#backOff(part.refusals)
  }

  /** Somebody else numbers under the same id (a copied process): this one goes on under an id of its own. */
  #underNewProducer(part: Part, batch: FrozenBatch, newProducer: string | undefined): Part['instead'] {
    const { buffer, newId } = this.#options
    const count = batch.last - batch.first + 1
    let first = 0
    if (this.producer?.id === batch.producer) {
      this.producer = { id: newProducer ?? newId(), epoch: 1 }
      buffer.renumber(count)
    } else first = buffer.claim(count)
    const producer = this.#currentProducer()
    return (taken) => [{ ...part, producer, taken: renumbered(taken, first), unsure: false }]
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

  #textOf(content: Content): string {
    return textOf(content, this.#options.node, this.#options.clock.now())
  }

  #request(body: Uint8Array): Parameters<Platform['send']>[0] {
    const headers = { ...this.#options.headers, 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' }
    return { method: 'POST', url: `${this.#options.url}/v1/batches`, headers, body, timeoutMs: REQUEST_TIMEOUT_MS }
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

function mayBeStored({ unsure, lost }: Part): boolean {
  return unsure || lost
}

function producerOf({ producer, epoch }: FrozenBatch): Producer {
  return { id: producer, epoch }
}
