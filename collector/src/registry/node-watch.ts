import type { RegisteredNode } from '@groundtrack/db'
import type { EventStream } from '../http/event-stream.js'
import type { TableEvent } from './node-table.js'
import { presentRegistered } from './present-registered.js'

/** What may wait for one client. One that is further behind is better served by the whole table, when it comes again. */
export const MAX_WAITING_BYTES = 1024 * 1024

/** The same change goes to all watchers. */
const texts = new WeakMap<RegisteredNode, string>()

/** Tells one client the whole table, then `ready`, then what changes. */
export class NodeWatch {
  readonly #stream: EventStream
  readonly #isWanted: (node: RegisteredNode) => boolean
  /** What changed while the table is still being told; null once it was. */
  #early: TableEvent[] | null = []
  #earlyBytes = 0

  constructor(stream: EventStream, isWanted: (node: RegisteredNode) => boolean) {
    this.#stream = stream
    this.#isWanted = isWanted
  }

  /** The table goes out as fast as the client takes it. Resolves once it is ready, or gone. */
  async tellTable(nodes: readonly RegisteredNode[]): Promise<void> {
    for (const node of nodes) {
      if (this.#stream.waitingBytes >= MAX_WAITING_BYTES) await this.#stream.taken()
      if (this.#stream.signal.aborted) return
      this.#send({ type: 'active', node })
    }
    const early = this.#early ?? []
    this.#early = null
    for (const event of early) this.#send(event)
    this.#stream.send({ event: 'ready', data: '{}' })
  }

  tell(events: readonly TableEvent[]): void {
    for (const event of events) {
      if (this.#early === null) {
        this.#send(event)
        continue
      }
      this.#early.push(event)
      this.#earlyBytes += textOf(event.node).length
    }
    const waitingBytes = this.#early === null ? this.#stream.waitingBytes : this.#earlyBytes
    if (waitingBytes > MAX_WAITING_BYTES) this.#stream.destroy()
  }

  #send({ type, node }: TableEvent): void {
    if (this.#isWanted(node)) this.#stream.send({ event: type, data: textOf(node) })
  }
}

function textOf(node: RegisteredNode): string {
  const known = texts.get(node)
  if (known !== undefined) return known
  const text = JSON.stringify(presentRegistered(node))
  texts.set(node, text)
  return text
}
