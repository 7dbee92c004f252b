import type { StreamHandlers, StreamRequest, Timer } from '../src/platform/platform.js'
import type { SimulatedTime } from './simulated-time.js'

export interface Registered {
  id: string
  service: string
  version: string
  environment: string
  address: string
}

/** How the collector is: it answers; refuses connections; takes them and says nothing; or answers with a status. */
export type Mood = 'up' | 'down' | 'silent' | 401 | 503

/** A collector's watch of nodes in simulated time. */
export class SimulatedRegistry {
  readonly nodes = new Map<string, Registered>()
  #mood: Mood = 'up'
  attempts = 0
  /** With what could not be sent yet. */
  readonly #streams = new Map<StreamHandlers, string[]>()
  readonly #time: SimulatedTime

  constructor(time: SimulatedTime) {
    this.#time = time
  }

  get mood(): Mood {
    return this.#mood
  }

  /** A collector that is down has no connections; one that said nothing for a while says then what it had to say. */
  set mood(mood: Mood) {
    this.#mood = mood
    if (mood === 'down') this.cut()
    for (const [handlers, unsent] of this.#streams) for (const text of unsent.splice(0)) this.#send(handlers, text)
  }

  get open(): number {
    return this.#streams.size
  }

  readonly stream = (_request: StreamRequest, handlers: StreamHandlers): Timer => {
    this.attempts++
    this.#streams.set(handlers, [])
    this.#time.schedule(1, () => this.#answer(handlers))
    return { cancel: () => void this.#streams.delete(handlers) }
  }

  put(node: Registered): void {
    this.nodes.set(node.id, node)
    this.#tell('active', node)
  }

  remove(id: string): void {
    const node = this.nodes.get(id)
    this.nodes.delete(id)
    if (node !== undefined) this.#tell('expire', node)
  }

  /** All streams break, as on a restart. */
  cut(): void {
    for (const handlers of this.#streams.keys()) this.#end(handlers, 'cut')
  }

  #answer(handlers: StreamHandlers): void {
    if (!this.#streams.has(handlers) || this.mood === 'silent') return
    if (this.mood === 'down') return this.#end(handlers, 'connect ECONNREFUSED')
    const status = this.mood === 'up' ? 200 : this.mood
    handlers.opened({ status, contentType: status === 200 ? 'text/event-stream' : 'application/json' })
    if (status !== 200) return
    for (const node of this.nodes.values()) handlers.text(messageOf('active', node))
    handlers.text('event: ready\ndata: {}\n\n')
    this.#ping(handlers)
  }

  #ping(handlers: StreamHandlers): void {
    this.#time.schedule(15_000, () => {
      if (!this.#streams.has(handlers)) return
      this.#send(handlers, ': ping\n\n')
      this.#ping(handlers)
    })
  }

  #tell(name: string, node: Registered): void {
    for (const handlers of this.#streams.keys()) this.#send(handlers, messageOf(name, node))
  }

  #send(handlers: StreamHandlers, text: string): void {
    if (this.mood === 'silent') this.#streams.get(handlers)?.push(text)
    else handlers.text(text)
  }

  #end(handlers: StreamHandlers, reason: string): void {
    this.#streams.delete(handlers)
    handlers.ended(reason)
  }
}

function messageOf(name: string, node: Registered): string {
  return `event: ${name}\ndata: ${JSON.stringify(node)}\n\n`
}
