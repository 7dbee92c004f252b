import { randomUUID } from 'node:crypto'
import { openDatabase, type Database } from '@groundtrack/db'
import { createTestDatabase } from '@groundtrack/db/testing'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { buildApp, type AppOptions } from '../src/app.js'
import { countForward } from './clock.test-kit.js'

export const INSTANT_MS = Date.parse('2026-01-15T12:00:00Z')
export const PORT = 4318
export const HOST = `127.0.0.1:${PORT}`
export const SESSION = '0193aaaa00001111222233334444abcd'
export const SPAN = '00f067aa0ba902b7'
export const NODE = { id: '6f1c1f0e-2b51-4a7e-9d6c-3f7c0a5e1c01', service: 'cart', version: '1.0', environment: 'sandbox' }

export interface TestApp {
  app: FastifyInstance
  db: Database
  /** Sends a batch; answers status, body and headers. */
  send(batch: BatchRequest): Promise<Answer>
  query<Row extends object>(sql: string): Promise<Row[]>
  close(): Promise<void>
}

export interface Answer {
  status: number
  body: Record<string, unknown> & { error: Record<string, unknown> }
  headers: Record<string, unknown>
}

export interface BatchRequest {
  body: string | Buffer
  headers?: Record<string, string>
  url?: string
  method?: 'POST' | 'PUT' | 'DELETE' | 'GET'
}

/** A collector on a database of its own, at the tests' instant. */
export async function startTestApp(options: Partial<AppOptions> = {}): Promise<TestApp> {
  const database = await createTestDatabase()
  const db = openDatabase({ url: database.url })
  const config = { port: PORT, retentionDays: 7 }
  const { now = () => INSTANT_MS } = options
  const app = await buildApp({ db, config, log: pino({ level: 'silent' }), now, monotonicMs: countForward(now), ...options })
  return {
    app,
    db,
    async send({ body, headers, url = '/v1/batches', method = 'POST' }) {
      const answer = await app.inject({
        method,
        url,
        payload: body,
        headers: { host: HOST, 'content-type': 'application/x-ndjson', ...headers },
      })
      return {
        status: answer.statusCode,
        body: answer.body === '' ? { error: {} } : answer.json<Answer['body']>(),
        headers: answer.headers,
      }
    },
    async query<Row extends object>(sql: string) {
      return (await db.read.query<Row>(sql)).rows
    },
    async close() {
      await app.close()
      await db.close()
      await database.drop()
    },
  }
}

export function aHeader(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { v: 1, producer: randomUUID(), epoch: 1, first: 0, last: 0, sent: INSTANT_MS, node: NODE, ...fields }
}

export function anEvent(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    session: SESSION,
    span: SPAN,
    clock: [1],
    time: INSTANT_MS - 1000,
    level: 'info',
    category: 'http',
    message: 'GET /cart',
    ...fields,
  }
}

/** A batch of these lines: objects are numbered from the header's first on, strings go as they are. */
export function aBatch(lines: readonly (Record<string, unknown> | string)[], header: Record<string, unknown> = {}): string {
  const first = typeof header['first'] === 'number' ? header['first'] : 0
  const head = aHeader({ last: first + lines.length - 1, ...header })
  return (
    [head, ...lines.map((line, i) => (typeof line === 'string' ? line : { seq: first + i, ...line }))]
      .map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
      .join('\n') + '\n'
  )
}
