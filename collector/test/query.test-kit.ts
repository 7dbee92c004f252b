import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { openDatabase, type Database } from '@groundtrack/db'
import { createTestDatabase, TEST_INSTANT } from '@groundtrack/db/testing'
import { buildApp } from '../src/app.js'
import { countForward } from './clock.test-kit.js'

export const NOW_MS = TEST_INSTANT.getTime()

export interface TestApp {
  app: FastifyInstance
  db: Database
  /** What the collector takes for now, milliseconds since the epoch. */
  clock: { nowMs: number }
  close(): Promise<void>
  /** Sends one batch of one node; `dropped` takes numbers before those of the lines. */
  send(node: TestNode, lines: readonly TestLine[], dropped?: readonly TestDrop[]): Promise<void>
  /** The node's next numbers stay on their way: a hole in its ledger. */
  hold(node: TestNode, count?: number): void
  /** Sends lines under numbers that were held. */
  sendAs(node: TestNode, first: number, lines: readonly TestLine[]): Promise<void>
  announce(node: TestNode): Promise<void>
  get<Answer>(url: string, status?: number): Promise<Answer>
}

export interface TestNode {
  id: string
  service: string
  environment?: string
}

export type TestLine = Record<string, unknown>
export interface TestDrop {
  reason: string
  session: string
  span: string
  from: number
  to: number
}

export function aNode(service: string, environment = 'sandbox'): TestNode {
  return { id: randomUUID(), service, environment }
}

/** A collector on a database of its own, its clock at the instant of all tests. */
export async function openTestApp(): Promise<TestApp> {
  const database = await createTestDatabase()
  const db = openDatabase({ url: database.url })
  const clock = { nowMs: NOW_MS }
  const port = 43_300
  const app = await buildApp({
    db,
    config: { port, retentionDays: 7 },
    log: pino({ level: 'silent' }),
    now: () => clock.nowMs,
    monotonicMs: countForward(() => clock.nowMs),
  })
  const headers = { host: `127.0.0.1:${port}` }
  const numbers = new Map<string, number>()

  const sendBatch = async (node: TestNode, first: number, lines: readonly TestLine[], dropped: readonly TestDrop[]) => {
    const gone = dropped.map(({ reason, ...hop }, i) => ({ first: first + i, last: first + i, reason, hops: [hop] }))
    const last = first + gone.length + lines.length - 1
    const header = {
      v: 1,
      producer: node.id,
      epoch: 1,
      first,
      last,
      sent: clock.nowMs,
      node: { version: '1.0', environment: 'sandbox', ...node },
      dropped: gone,
    }
    const body = [header, ...lines.map((line, i) => ({ seq: first + gone.length + i, ...line }))]
      .map((line) => JSON.stringify(line))
      .join('\n')
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/batches',
      headers: { ...headers, 'content-type': 'application/x-ndjson' },
      payload: body,
    })
    if (answer.statusCode !== 200 || answer.json().rejected.length > 0) throw new Error(`${answer.statusCode} ${answer.body}`)
  }

  return {
    app,
    db,
    clock,
    async close() {
      await app.close()
      await db.close()
      await database.drop()
    },
    async send(node, lines, dropped = []) {
      const first = numbers.get(node.id) ?? 0
      numbers.set(node.id, first + dropped.length + lines.length)
      await sendBatch(node, first, lines, dropped)
    },
    async sendAs(node, first, lines) {
      await sendBatch(node, first, lines, [])
    },
    hold(node, count = 1) {
      numbers.set(node.id, (numbers.get(node.id) ?? 0) + count)
    },
    async announce(node) {
      const { id, ...payload } = { environment: 'sandbox', version: '1.0', ttlSeconds: 30, ...node }
      const answer = await app.inject({ method: 'PUT', url: `/v1/nodes/${id}`, headers, payload })
      if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${answer.body}`)
    },
    async get(url, status = 200) {
      const answer = await app.inject({ method: 'GET', url, headers })
      if (answer.statusCode !== status) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`)
      return answer.json()
    },
  }
}

let ids = 0

/** Ids that sort as they were made. */
export function aSession(): string {
  return `019bc1d1c0007000${(++ids).toString(16).padStart(16, '0')}`
}

export function aSpan(): string {
  return `00f0${(++ids).toString(16).padStart(12, '0')}`
}

/** Counts the events of one hop: each line gets clock and time, a millisecond after the one before. */
export class TestHop {
  readonly session: string
  readonly span: string
  readonly path: readonly number[]
  number = 0
  ms: number

  constructor(session: string, path: readonly number[] = [], ms: number = NOW_MS, span: string = aSpan()) {
    this.session = session
    this.span = span
    this.path = path
    this.ms = ms
  }

  line(fields: TestLine = {}): TestLine {
    this.ms += 1
    return { session: this.session, span: this.span, clock: [...this.path, ++this.number], time: this.ms, ...fields }
  }

  open(name: string, sender?: { parent: string; call?: string }): TestLine {
    return this.line({ kind: 'open', name, ...sender })
  }

  close(status: 'ok' | 'error' = 'ok', reason?: string): TestLine {
    return this.line({ kind: 'close', status, ...(reason !== undefined && { reason }) })
  }
}
