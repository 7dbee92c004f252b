import type { FastifyReply, FastifyRequest } from 'fastify'

export interface StreamMessage {
  event: string
  /** JSON text without line breaks. */
  data: string
  /** What `Last-Event-ID` says after a reconnect. */
  id?: string
}

/** Keeps proxies from collecting what should arrive at once (`x-accel-buffering` is nginx's). */
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
} as const

/** Server-sent events to one client. Nothing is kept here: what the socket doesn't take yet waits in Node's buffer, whose size is told. */
export class EventStream {
  /** Aborted once the client is gone or `end` was called. */
  readonly signal: AbortSignal
  readonly #reply: FastifyReply

  /** Answers 200 with the headers that the reply has so far; the request is the stream's from here on. */
  constructor(request: FastifyRequest, reply: FastifyReply) {
    const closed = new AbortController()
    this.signal = closed.signal
    this.#reply = reply
    reply.hijack()
    const { raw } = reply
    raw.once('close', () => closed.abort())
    request.raw.once('error', () => closed.abort())
    raw.on('error', () => closed.abort())
    raw.writeHead(200, { ...reply.getHeaders(), ...HEADERS } as Record<string, string>)
    raw.flushHeaders()
    request.socket.setNoDelay(true)
  }

  send({ event, data, id }: StreamMessage): void {
    if (!this.signal.aborted) this.#reply.raw.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`)
  }

  /** A line that clients ignore. */
  comment(text = ''): void {
    if (!this.signal.aborted) this.#reply.raw.write(`:${text}\n\n`)
  }

  /** Bytes that the client has not taken yet. */
  get waitingBytes(): number {
    return this.#reply.raw.writableLength
  }

  /** Resolves when the client has taken what was too much for the socket at once, or is gone. */
  taken(): Promise<void> {
    const { raw } = this.#reply
    if (this.signal.aborted || !raw.writableNeedDrain) return Promise.resolve()
    return new Promise((resolve) => {
      const finish = () => {
        raw.off('drain', finish)
        this.signal.removeEventListener('abort', finish)
        resolve()
      }
      raw.once('drain', finish)
      this.signal.addEventListener('abort', finish)
    })
  }

  end(): void {
    this.#reply.raw.end()
  }

  /** Cuts the connection; what waits is lost. */
  destroy(): void {
    this.#reply.raw.destroy()
  }
}
