import type { NodeInfo } from './delivery/batch.js'
import type { Outgoing, Platform, Timer } from './platform/platform.js'

const BEAT_MS = 10_000
const TTL_SECONDS = 30
const TIMEOUT_MS = 5_000
/** How long a stop waits for the beats under way, and again for its own word. */
const STOP_MS = 1_000
const MAX_SERVICES = 100

/**
 * Tells the collector every 10 s which services this process offers, and on stop that it leaves. That nobody hears it is silent: the
 * next beat heals that. That the collector refuses it is told once.
 */
export class Presence {
  readonly #platform: Platform
  readonly #url: string
  readonly #headers: Readonly<Record<string, string>>
  readonly #node: NodeInfo
  /** What is sent for each service. */
  readonly #bodies = new Map<string, Uint8Array>()
  readonly #beats = new Set<Promise<void>>()
  #timer: Timer | undefined
  #stopped = false
  #left = false
  #warned = false

  constructor(platform: Platform, url: string, headers: Readonly<Record<string, string>>, node: NodeInfo) {
    this.#platform = platform
    this.#url = `${url}/v1/nodes/${node.id}`
    this.#headers = headers
    this.#node = node
    this.#bodies.set(node.service, this.#encode(node))
  }

  /** Beats now and then every 10 s. */
  start(): void {
    if (this.#stopped) return
    this.#left = false
    this.#timer = this.#platform.schedule(BEAT_MS, () => this.start())
    for (const body of this.#bodies.values()) this.#send(body)
  }

  /** One more service of this process, or another version or address of one. Told at once. */
  register(offer: { service: string; version: string; address: string }): void {
    if (this.#stopped) return
    const { service } = offer
    if (!this.#bodies.has(service) && this.#bodies.size >= MAX_SERVICES)
      return this.#warnOnce(`a process offers at most ${MAX_SERVICES} services: ${service} is not registered.`)
    const body = this.#encode(offer)
    this.#bodies.set(service, body)
    this.#send(body)
  }

  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    this.#timer?.cancel()
    // A beat that came after the leave would bring the node back to life.
    await this.#within(STOP_MS, Promise.all(this.#beats))
    await this.#within(STOP_MS, this.#platform.send(this.#leave()))
  }

  /** Says that the process leaves, for it is about to end. Should it live on, the next beat says so. */
  leave(withinMs: number): Promise<void> {
    if (this.#stopped || this.#left) return Promise.resolve()
    this.#left = true
    return this.#within(withinMs, this.#platform.send(this.#leave()))
  }

  /** The same without waiting for an answer: the process ends now. */
  lastWords(): void {
    if (!this.#stopped && !this.#left) this.#platform.sendNow(this.#leave())
  }

  /** Keeps the process alive for so long: its host awaits it, and our connections don't. */
  #within(ms: number, work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#platform.schedule(ms, resolve, true)
      const end = (): void => {
        timer.cancel()
        resolve()
      }
      work.then(end, end)
    })
  }

  #send(body: Uint8Array): void {
    const beat = this.#beat(body).finally(() => this.#beats.delete(beat))
    this.#beats.add(beat)
  }

  async #beat(body: Uint8Array): Promise<void> {
    const headers = { ...this.#headers, 'content-type': 'application/json' }
    const request = { method: 'PUT', url: this.#url, headers, body, timeoutMs: TIMEOUT_MS } as const
    const answer = await this.#platform.send(request).catch(() => undefined)
    if (answer !== undefined && [400, 409, 429].includes(answer.status))
      this.#warnOnce(`the collector does not register this process (HTTP ${answer.status}): ${answer.body.slice(0, 300)}`)
  }

  #leave(): Outgoing {
    return { method: 'DELETE', url: this.#url, headers: this.#headers, timeoutMs: STOP_MS }
  }

  #encode({ service, version, address }: { service: string; version: string; address?: string }): Uint8Array {
    const { environment, host, pid, runtime, sdk } = this.#node
    const properties = { host, pid, runtime, sdk }
    return new TextEncoder().encode(JSON.stringify({ service, version, environment, address, ttlSeconds: TTL_SECONDS, properties }))
  }

  #warnOnce(text: string): void {
    if (this.#warned) return
    this.#warned = true
    this.#platform.warn(text)
  }
}
