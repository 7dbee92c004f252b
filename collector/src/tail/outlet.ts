import type { EventStream } from '../http/event-stream.js'
import { presentEvent } from '../query/present-event.js'
import type { Candidate } from './evaluate.js'

/** What waits for one client, at most; what comes while it is full is counted, not kept. */
const MAX_WAITING_BYTES = 1_000_000
/** The same event goes to many tails. */
const texts = new WeakMap<object, string>()

/** Tells one client events in their order. A client that doesn't keep up is told how many it missed, and between which cursors. */
export class Outlet {
  readonly #stream: EventStream
  #last = ''
  #skipped: { from: string; to: string; count: number } | null = null

  constructor(stream: EventStream) {
    this.#stream = stream
  }

  get isBehind(): boolean {
    return this.#skipped !== null
  }

  /** Tells an event now, or counts it as skipped. */
  tell(candidate: Candidate, id: string): void {
    if (this.#skipped === null && this.#stream.waitingBytes < MAX_WAITING_BYTES) return this.#send(candidate, id)
    if (this.#skipped === null) {
      this.#skipped = { from: this.#last, to: id, count: 0 }
      void this.#stream.taken().then(() => this.#tellGap())
    }
    this.#skipped.to = id
    this.#skipped.count++
  }

  /** Tells an event that can wait for the client: history. */
  async tellPatiently(candidate: Candidate, id: string): Promise<void> {
    if (this.#stream.waitingBytes >= MAX_WAITING_BYTES) await this.#stream.taken()
    this.#send(candidate, id)
  }

  /** A sign that history ended, or that all is well: all before this cursor was told. */
  mark(event: 'live' | 'ping', id: string): void {
    if (this.#skipped !== null) return this.#stream.comment()
    this.#last = id
    this.#stream.send({ event, data: '{}', id })
  }

  #send(candidate: Candidate, id: string): void {
    this.#last = id
    this.#stream.send({ event: 'event', data: textOf(candidate), id })
  }

  #tellGap(): void {
    const gap = this.#skipped
    if (gap === null) return
    this.#skipped = null
    this.#last = gap.to
    this.#stream.send({ event: 'gap', data: JSON.stringify(gap), id: gap.to })
  }
}

function textOf({ event, node }: Candidate): string {
  const known = texts.get(event)
  if (known !== undefined) return known
  const text = JSON.stringify(presentEvent(event, node))
  texts.set(event, text)
  return text
}
