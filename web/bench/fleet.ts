import { randomBytes, randomUUID } from 'node:crypto'

export interface FleetNode {
  id: string
  service: string
  address: string
}

type WireEvent = Record<string, unknown>

const BEAT_EVERY_MS = 10_000
const AT_ONCE = 20

/** Nodes of many services that say over HTTP, every ten seconds, that they are there. */
export class Fleet {
  /** Milliseconds until each heartbeat was answered. */
  readonly beatMs: number[] = []
  failedBeats = 0
  readonly #url: string
  readonly #nodes: FleetNode[] = []
  readonly #services: number
  #timer: NodeJS.Timeout | undefined
  #next = 0

  constructor(url: string, services: number) {
    this.#url = url
    this.#services = services
  }

  get size(): number {
    return this.#nodes.length
  }

  node(index: number): FleetNode {
    const node = this.#nodes[index]
    if (node === undefined) throw new Error(`the fleet has no node ${index}`)
    return node
  }

  /** Registers nodes until there are so many, and lets all of them beat, evenly spread. */
  async growTo(size: number): Promise<void> {
    clearInterval(this.#timer)
    while (this.size < size) {
      const fresh = Array.from({ length: Math.min(AT_ONCE, size - this.size) }, (_, i) => this.#describe(this.size + i))
      await Promise.all(fresh.map((node) => this.put(node)))
      this.#nodes.push(...fresh)
    }
    this.#timer = setInterval(() => void this.#beat(), BEAT_EVERY_MS / this.size)
  }

  /** Registers a node that is not of the fleet. Throws unless that is stored. */
  async put(node: FleetNode): Promise<void> {
    const { id, service, address } = node
    const body = JSON.stringify({ service, version: '1.0', environment: 'bench', address, ttlSeconds: 30 })
    await this.#tell(id, { method: 'PUT', headers: { 'content-type': 'application/json' }, body })
  }

  async leave({ id }: FleetNode): Promise<void> {
    await this.#tell(id, { method: 'DELETE' })
  }

  /** One session of a node, of these events between its opening and its end. Throws unless it is stored. */
  async send({ id, service }: FleetNode, events: WireEvent[]): Promise<void> {
    const session = randomBytes(16).toString('hex')
    const span = randomBytes(8).toString('hex')
    const time = Date.now()
    const all = [{ kind: 'open', name: 'POST /orders' }, ...events, { kind: 'close', status: 'ok' }]
    const lines = all.map((event, seq) => ({ seq, session, span, clock: [seq + 1], time, ...event }))
    const about = { id, service, version: '1.0', environment: 'bench', host: 'bench', pid: 1, runtime: 'node', sdk: 'bench' }
    const header = { v: 1, producer: randomUUID(), epoch: 1, first: 0, last: lines.length - 1, sent: time, node: about }
    const body = [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('')
    const response = await fetch(`${this.#url}/v1/batches`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body })
    const { stored } = (await response.json()) as { stored?: number }
    if (stored !== lines.length) throw new Error(`not all was stored: ${response.status}`)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #describe(index: number): FleetNode {
    return { id: randomUUID(), service: `service-${index % this.#services}`, address: `http://10.0.${index >> 8}.${index & 255}:8080` }
  }

  async #beat(): Promise<void> {
    const node = this.node(this.#next++ % this.size)
    const startedAt = performance.now()
    await this.put(node).then(
      () => this.beatMs.push(performance.now() - startedAt),
      () => this.failedBeats++,
    )
  }

  async #tell(id: string, init: RequestInit): Promise<void> {
    const response = await fetch(`${this.#url}/v1/nodes/${id}`, init)
    if (!response.ok) throw new Error(`${init.method} of a node answered ${response.status} ${await response.text()}`)
  }
}
