/** Reads server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */

export interface StreamEvent {
  name: string
  data: string
}

/** Longer events are no such thing: the collector's own are a few hundred bytes. */
const MAX_EVENT_LENGTH = 262_144

/** Takes the text as it comes, in pieces cut anywhere. */
export class EventStream {
  #rest = ''
  #name = ''
  #data: string[] = []
  #length = 0

  /** The events that this piece completes. Throws where one grows beyond all measure. */
  read(text: string): StreamEvent[] {
    const events: StreamEvent[] = []
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#readLine(line.endsWith('\r') ? line.slice(0, -1) : line, events)
    if (this.#rest.length + this.#length > MAX_EVENT_LENGTH) throw new Error('an event of the stream is too long')
    return events
  }

  #readLine(line: string, events: StreamEvent[]): void {
    if (line === '') {
      if (this.#data.length > 0) events.push({ name: this.#name || 'message', data: this.#data.join('\n') })
      this.#name = ''
      this.#data = []
      this.#length = 0
      return
    }
    const at = line.indexOf(':')
    const field = at < 0 ? line : line.slice(0, at)
    const value = at < 0 ? '' : line.slice(line[at + 1] === ' ' ? at + 2 : at + 1)
    if (field === 'event') this.#name = value
    if (field !== 'data') return
    this.#data.push(value)
    this.#length += value.length
  }
}
