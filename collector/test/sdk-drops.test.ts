import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase, type Database } from '@groundtrack/db'
import { createTestDatabase, type TestDatabase } from '@groundtrack/db/testing'
import { groundtrack, type Groundtrack, type Session } from '@groundtrack/sdk'
import type { FastifyInstance } from 'fastify'
import type { Deliveries, MissingView, SessionEvents, SessionView } from '../src/api.js'
import { buildApp } from '../src/app.js'

let database: TestDatabase
let db: Database
let app: FastifyInstance
let url: string
let gt: Groundtrack

beforeEach(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url })
  app = await buildApp({ db, config: { port: 0, retentionDays: 7 }, log: pino({ level: 'silent' }) })
  await app.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  gt = groundtrack({ service: 'cart', url, maxBufferBytes: 65_536 })
})

afterEach(async () => {
  await gt.stop()
  await app.close()
  await db.close()
  await database.drop()
})

const get = async <Answer>(path: string) => (await (await fetch(url + path)).json()) as Answer

/** Logs more than the buffer holds before anything can be sent. */
function overflow(sessions: readonly Session[], each: number): void {
  for (let i = 0; i < each; i++)
    for (const session of sessions) session.info('stock', `checked shelf ${i} of the storehouse, and found it in order`)
}

const countOf = (runs: readonly MissingView[]) => runs.reduce((sum, { from, to }) => sum + to - from + 1, 0)

test('events that the SDK dropped are missing in their sessions with the reason, each number once', async () => {
  const sessions = [gt.session({ name: 'GET /cart' }), gt.session({ name: 'GET /stock' })]
  overflow(sessions, 600)
  for (const session of sessions) {
    session.error('stock', 'the storehouse burns')
    session.close()
  }
  const last = 1 + 600 + 1 + 1

  expect(await gt.flush()).toBe(true)

  const { dropped, acknowledged } = gt.stats()
  expect(dropped).toBeGreaterThan(0)
  let missing = 0
  for (const { id } of sessions) {
    const view = await get<SessionView>(`/api/v1/sessions/${id}`)
    expect(view.missing.map(({ state, reason }) => `${state} ${reason}`)).toEqual(view.missing.map(() => 'dropped buffer_full'))
    expect(view.session.missing).toBe(countOf(view.missing))
    expect(view.session.events + view.session.missing).toBe(last)
    const { items } = await get<SessionEvents>(`/api/v1/sessions/${id}/events?limit=1000`)
    const numbers = items.flatMap((row) =>
      row.kind === 'missing' ? Array.from({ length: row.to - row.from + 1 }, (_, i) => row.from + i) : [row.clock?.at(-1)],
    )
    expect(numbers).toEqual(Array.from({ length: last }, (_, i) => i + 1))
    missing += view.session.missing
  }
  expect(missing).toBe(dropped)
  const { services } = await get<Deliveries>('/api/v1/deliveries')
  expect(services).toMatchObject([
    {
      service: 'cart',
      logged: 2 * last,
      stored: acknowledged,
      dropped,
      rejected: 0,
      held: 0,
      unexplained: 0,
      producers: [{ node: gt.nodeId }],
    },
  ])
})

test('drops through more hops than a batch may list are named in each of their sessions', async () => {
  const wide = groundtrack({ service: 'stock', url, maxBufferBytes: 393_216 })
  const sessions = Array.from({ length: 400 }, () => wide.session())
  overflow(sessions, 3)
  for (const session of sessions) session.close()

  expect(await wide.flush()).toBe(true)

  const { dropped, acknowledged, logged } = wide.stats()
  expect(dropped).toBeGreaterThan(2 * 256)
  const { total } = await get<Deliveries>('/api/v1/deliveries')
  expect(total).toEqual({ logged, stored: acknowledged, dropped, rejected: 0, held: 0, unexplained: 0 })
  const { rows } = await db.read.query("SELECT sum(count)::int AS named FROM absence WHERE state = 'dropped' AND session_id IS NOT NULL")
  expect(rows).toEqual([{ named: dropped }])
  for (const { id } of sessions.filter((_, i) => i % 40 === 0)) {
    const { session, missing } = await get<SessionView>(`/api/v1/sessions/${id}`)
    expect(missing.map(({ state, reason }) => `${state} ${reason}`)).toEqual(missing.map(() => 'dropped buffer_full'))
    expect(session.events + countOf(missing)).toBe(5)
  }
  await wide.stop()
})
