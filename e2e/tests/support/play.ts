import { randomUUID } from 'node:crypto'
import { newSession, newSpan, postBatch, type Dropped, type WireEvent } from './batch.js'

const LINE_MS = 10
const BEGAN_MS_AGO = 20_000

/** One send: what its receiver learns from the headers. */
export interface Sent {
  call: string
  path: number[]
}

/** A session of several processes, played by hand: line after line, ten milliseconds apart, each timed by its process' clock. */
export class Play {
  readonly session = newSession()
  readonly #processes: Process[] = []
  #nowMs = Date.now() - BEGAN_MS_AGO

  /** `aheadMs`: how far its clock is ahead. */
  process(service: string, aheadMs = 0): Process {
    const process = new Process(this, service, aheadMs)
    this.#processes.push(process)
    return process
  }

  /** The same process as in another session. */
  join(other: Process): Process {
    const process = new Process(this, other.service, other.aheadMs, other.node)
    this.#processes.push(process)
    return process
  }

  tick(): number {
    return (this.#nowMs += LINE_MS)
  }

  /** Delivers everything, each process in one batch. */
  async perform(url: string): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.deliver(url)))
  }
}

export class Process {
  readonly node: string
  readonly play: Play
  readonly service: string
  aheadMs: number
  readonly #events: WireEvent[] = []
  readonly #dropped: Dropped[] = []
  #seq = 0

  constructor(play: Play, service: string, aheadMs: number, node: string = randomUUID()) {
    this.node = node
    this.play = play
    this.service = service
    this.aheadMs = aheadMs
  }

  /** Opens a step, that `sent` caused. */
  open(name: string, sent?: Sent, more: WireEvent = {}): Step {
    const step = new Step(this, sent?.path ?? [])
    step.add({ kind: 'open', name, ...(sent && { parent: sent.call, call: sent.call }), ...more })
    return step
  }

  add(event: WireEvent): void {
    this.#seq += 1
    this.#events.push({ session: this.play.session, time: this.play.tick() + this.aheadMs, ...event })
  }

  drop(span: string, from: number, to: number): void {
    const hops = [{ session: this.play.session, span, from, to }]
    this.#dropped.push({ first: this.#seq, last: this.#seq + to - from, reason: 'buffer_full', hops })
    this.#seq += to - from + 1
  }

  async deliver(url: string): Promise<void> {
    await postBatch(url, { service: this.service, events: this.#events, dropped: this.#dropped, node: { id: this.node } })
  }

  /** A sign of life, as the SDK sends it every ten seconds. */
  async live(url: string): Promise<void> {
    const body = JSON.stringify({ service: this.service, version: '1.0', environment: 'sandbox', ttlSeconds: 300 })
    await this.#tell(url, { method: 'PUT', headers: { 'content-type': 'application/json' }, body })
  }

  async leave(url: string): Promise<void> {
    await this.#tell(url, { method: 'DELETE' })
  }

  async #tell(url: string, init: RequestInit): Promise<void> {
    const response = await fetch(`${url}/v1/nodes/${this.node}`, init)
    if (!response.ok) throw new Error(`The collector answered ${response.status} ${await response.text()}`)
  }
}

export class Step {
  readonly span = newSpan()
  readonly #process: Process
  readonly #path: number[]
  /** Number of its last line so far. */
  last = 0

  constructor(process: Process, path: number[]) {
    this.#process = process
    this.#path = path
  }

  add(event: WireEvent): this {
    this.last += 1
    this.#process.add({ span: this.span, clock: [...this.#path, this.last], ...event })
    return this
  }

  log(message: string, level = 'info'): this {
    return this.add({ message, level })
  }

  call(name: string, more: WireEvent = {}): Sent {
    const call = newSpan()
    this.add({ kind: 'call', call, name, ...more })
    return { call, path: [...this.#path, this.last] }
  }

  /** The answer of a step, or of one of which only its answer is known. */
  answered(sent: Sent, by: { span: string; last: number }): this {
    return this.add({ kind: 'return', call: sent.call, status: 'ok', callee: { span: by.span, last: by.last } })
  }

  /** Lines that were written and never sent. */
  drop(count: number): this {
    this.#process.drop(this.span, this.last + 1, this.last + count)
    this.last += count
    return this
  }

  close(reason?: string): this {
    return this.add({ kind: 'close', ...(reason === undefined ? { status: 'ok' } : { status: 'error', reason }) })
  }
}
