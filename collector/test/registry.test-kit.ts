import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { openDatabase, type Database } from '@groundtrack/db'
import { createTestDatabase, TEST_INSTANT, type TestDatabase } from '@groundtrack/db/testing'
import { buildApp } from '../src/app.js'
import { countForward } from './clock.test-kit.js'

const PORT = 43_400
export const HEADERS = { host: `127.0.0.1:${PORT}` }

/** What all collectors of a test take for now; it only goes forward. */
export interface TestClock {
  nowMs: number
}

export interface Collector {
  app: FastifyInstance
  db: Database
  beat(node: Partial<Beat> & { id: string }, token?: string): Promise<number>
  leave(id: string, query?: string, token?: string): Promise<number>
  get<Answer>(url: string): Promise<Answer>
  close(): Promise<void>
}

export interface Beat {
  id: string
  service: string
  version: string
  environment: string
  address: string
  ttlSeconds: number
  properties: Record<string, unknown>
}

export interface Cluster {
  database: TestDatabase
  clock: TestClock
  /** One more collector on the database, by another way to it where that is given. */
  start(url?: string): Promise<Collector>
  /** Ends what is still running. */
  close(): Promise<void>
}

/** Collectors that share one database and one clock. */
export async function openCluster(): Promise<Cluster> {
  const database = await createTestDatabase()
  const clock = { nowMs: TEST_INSTANT.getTime() }
  const running = new Set<Collector>()
  return {
    database,
    clock,
    async start(url = database.url) {
      const started = await startCollector(url, clock)
      const collector: Collector = {
        ...started,
        async close() {
          running.delete(collector)
          await started.close()
        },
      }
      running.add(collector)
      return collector
    },
    async close() {
      await Promise.all([...running].map((collector) => collector.close()))
      await database.drop()
    },
  }
}

async function startCollector(url: string, clock: TestClock): Promise<Collector> {
  const db = openDatabase({ url })
  const now = () => clock.nowMs
  const config = { port: PORT, retentionDays: 7 }
  const app = await buildApp({ db, config, log: pino({ level: 'silent' }), now, monotonicMs: countForward(now) })
  await app.ready()
  const bearer = (token: string | undefined) => (token === undefined ? HEADERS : { ...HEADERS, authorization: `Bearer ${token}` })
  return {
    app,
    db,
    async beat({ id, ...fields }, token) {
      const payload = { service: 'cart', version: '1.0', environment: 'sandbox', ttlSeconds: 30, ...fields }
      return (await app.inject({ method: 'PUT', url: `/v1/nodes/${id}`, headers: bearer(token), payload })).statusCode
    },
    async leave(id, query = '', token) {
      return (await app.inject({ method: 'DELETE', url: `/v1/nodes/${id}${query}`, headers: bearer(token) })).statusCode
    },
    async get(path) {
      const answer = await app.inject({ url: path, headers: HEADERS })
      if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${answer.body}`)
      return answer.json()
    },
    async close() {
      await app.close()
      await db.close()
    },
  }
}

export function aUuid(): string {
  return randomUUID()
}
