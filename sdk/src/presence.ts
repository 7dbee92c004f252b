import type { NodeInfo } from './delivery/batch.js'
import type { Platform, Timer } from './platform/platform.js'

const BEAT_MS = 10_000
const TTL_SECONDS = 30
const TIMEOUT_MS = 5_000

/** Tells the collector every 10 s that this process lives, and on stop that it leaves. Failures are silent: the next beat heals them. */
export class Presence {
  readonly #platform: Platform
  readonly #url: string
  readonly #headers: Readonly<Record<string, string>>
  readonly #body: Uint8Array
  #timer: Timer | undefined
  #stopped = false

  constructor(platform: Platform, url: string, headers: Readonly<Record<string, string>>, node: NodeInfo) {
    const { id, service, version, environment, address, host, pid, runtime, sdk } = node
    this.#platform = platform
    this.#url = `${url}/v1/nodes/${id}`
    this.#headers = headers
    const properties = { host, pid, runtime, sdk }
    this.#body = new TextEncoder().encode(JSON.stringify({ service, version, environment, address, ttlSeconds: TTL_SECONDS, properties }))
  }

  /** Beats now and then every 10 s. */
  start(): void {
    if (this.#stopped) return
    this.#timer = this.#platform.schedule(BEAT_MS, () => this.start())
    void this.#send('PUT')
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    await this.#send('DELETE')
  }

  async #send(method: 'PUT' | 'DELETE'): Promise<void> {
    const told =
      method === 'PUT'
        ? { body: this.#body, headers: { ...this.#headers, 'content-type': 'application/json' } }
        : { headers: this.#headers }
    await this.#platform.send({ method, url: this.#url, ...told, timeoutMs: TIMEOUT_MS }).catch(() => undefined)
  }
}
