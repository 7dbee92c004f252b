import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { EventView } from '../src/api.js'
import type { TestLine, TestNode } from './query.test-kit.js'

export interface TailMessage {
  event: string
  id: string
  data: unknown
}

/** A client of /api/v1/tail that reads message by message, as an EventSource would. */
export class TailClient {
  readonly #response: IncomingMessage
  readonly #messages: AsyncGenerator<TailMessage>
  /** Id of the last message: what `Last-Event-ID` will say. */
  cursor = ''

  constructor(response: IncomingMessage) {
    this.#response = response
    this.#messages = readMessages(response)
  }

  async next(): Promise<TailMessage> {
    const { value, done } = await this.#messages.next()
    if (done === true) throw new Error('the tail ended')
    this.cursor = value.id === '' ? this.cursor : value.id
    return value
  }

  /** The texts of the events up to the message that ends them. */
  async textsUntil(isEnd: (message: TailMessage) => boolean): Promise<string[]> {
    const texts: string[] = []
    for (;;) {
      const message = await this.next()
      if (message.event === 'event') texts.push((message.data as EventView).message)
      if (isEnd(message)) return texts
    }
  }

  texts(count: number): Promise<string[]> {
    let left = count
    return this.textsUntil(({ event }) => event === 'event' && --left === 0)
  }

  close(): void {
    this.#response.destroy()
  }
}

/** Listens on a free port, once. */
export async function listen(app: FastifyInstance): Promise<number> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

export async function openTail(app: FastifyInstance, query: string, lastEventId?: string): Promise<TailClient> {
  const port = await listen(app)
  const headers = { accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: `/api/v1/tail${query}`, headers, agent: false }, resolve).on('error', reject)
  })
  if (response.statusCode !== 200) throw new Error(`${response.statusCode}`)
  return new TailClient(response)
}

async function* readMessages(response: IncomingMessage): AsyncGenerator<TailMessage> {
  let text = ''
  response.setEncoding('utf8')
  for await (const chunk of response) {
    text += String(chunk)
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = new Map(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const),
      )
      text = text.slice(end + 2)
      const event = fields.get('event')
      if (event !== undefined) yield { event, id: fields.get('id') ?? '', data: JSON.parse(fields.get('data') ?? 'null') }
    }
  }
}

const numbers = new Map<string, number>()

/** Sends a batch of one node to whichever collector. */
export async function sendTo(app: FastifyInstance, node: TestNode, lines: readonly TestLine[]): Promise<void> {
  const first = numbers.get(node.id) ?? 0
  const last = first + lines.length - 1
  numbers.set(node.id, last + 1)
  const header = { v: 1, producer: node.id, epoch: 9, first, last, sent: 0, node: { version: '1.0', environment: 'sandbox', ...node } }
  const payload = [header, ...lines.map((line, i) => ({ seq: first + i, ...line }))].map((line) => JSON.stringify(line)).join('\n')
  const headers = { host: '127.0.0.1:43300', 'content-type': 'application/x-ndjson' }
  const answer = await app.inject({ method: 'POST', url: '/v1/batches', headers, payload })
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`)
}
