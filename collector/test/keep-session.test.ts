import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pino } from 'pino'
import { MAX_KEPT_SESSIONS } from '@groundtrack/db'
import type { Histogram, SessionEvents, SessionList } from '../src/api.js'
import { dropOld } from '../src/jobs/upkeep-jobs.js'
import { aNode, aSession, NOW_MS, openTestApp, TestHop, type TestApp } from './query.test-kit.js'

let collector: TestApp

beforeEach(async () => {
  collector = await openTestApp()
})

afterEach(() => collector.close())

const DAY_MS = 86_400_000
const headers = { host: '127.0.0.1:43300' }

async function keep(method: 'PUT' | 'DELETE', id: string): Promise<[number, unknown]> {
  const answer = await collector.app.inject({ method, url: `/api/v1/sessions/${id}/keep`, headers })
  return [answer.statusCode, answer.json()]
}

/** Ten days go by. */
async function expire(maxDiskBytes?: number): Promise<void> {
  const log = pino({ level: 'silent' })
  await dropOld({ db: collector.db, config: { retentionDays: 7, maxDiskBytes }, log, now: () => NOW_MS + 10 * DAY_MS })
}

async function storeSession(): Promise<string> {
  const hop = new TestHop(aSession())
  await collector.send(aNode('cart'), [hop.open('GET /cart'), hop.line({ message: 'read' }), hop.close()])
  return hop.session
}

const range = `from=${new Date(NOW_MS - DAY_MS).toISOString()}&to=${new Date(NOW_MS + DAY_MS).toISOString()}`
const readHistogram = () => collector.get<Histogram>(`/api/v1/events/histogram?${range}`)

test('a kept session outlives retention, and list, page and histogram say the same of it', async () => {
  const kept = await storeSession()
  const other = await storeSession()
  const whole = await readHistogram()

  expect(await keep('PUT', kept)).toEqual([200, { kept: true }])
  await expire()

  const { items } = await collector.get<SessionList>(`/api/v1/sessions?${range}`)
  expect(items.map(({ id, events }) => [id, events])).toEqual([[kept, 3]])
  expect((await collector.get<SessionEvents>(`/api/v1/sessions/${kept}/events`)).total).toBe(3)
  await collector.get(`/api/v1/sessions/${other}`, 404)
  expect([whole.total, (await readHistogram()).total]).toEqual([6, 3])
})

test('a kept session that is being read is read on, though its rows lie elsewhere now', async () => {
  await storeSession()
  const kept = await storeSession()
  const before = await collector.get<SessionEvents>(`/api/v1/sessions/${kept}/events`)
  await keep('PUT', kept)
  await expire()

  const query = vi.spyOn(collector.db.read, 'query')
  const after = await collector.get<SessionEvents>(`/api/v1/sessions/${kept}/events`)
  expect(after.items).toEqual(before.items)
  expect(after.items).toHaveLength(3)
  // It was not loaded again: where its rows were is what was known of them.
  const names = query.mock.calls.map(([statement]: unknown[]) => Object(statement).name)
  expect(names).not.toContain('list-session-events')
  expect(names).toContain('find-event-bodies')
})

test('a session that is let go again goes with the next run', async () => {
  const session = await storeSession()
  await keep('PUT', session)
  await expire()

  expect(await keep('DELETE', session)).toEqual([200, { kept: false }])
  await expire()

  await collector.get(`/api/v1/sessions/${session}`, 404)
  expect((await readHistogram()).total).toBe(0)
})

test('the disk budget takes every day but the rows of kept sessions', async () => {
  const session = await storeSession()
  await keep('PUT', session)

  await expire(1)

  expect((await collector.get<SessionEvents>(`/api/v1/sessions/${session}/events`)).total).toBe(3)
})

test('a session is kept under any of its spellings, as often as one likes, with or without a body', async () => {
  const session = await storeSession()
  const uuid = session.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-').toUpperCase()
  const answer = await collector.app.inject({ method: 'PUT', url: `/api/v1/sessions/${uuid}/keep`, headers, payload: { kept: true } })
  const bare = await collector.app.inject({
    method: 'PUT',
    url: `/api/v1/sessions/${session}/keep`,
    headers: { ...headers, 'content-type': 'application/json' },
  })

  expect([answer.json(), bare.json()]).toEqual([{ kept: true }, { kept: true }])
  const { rows } = await collector.db.read.query('SELECT count(*)::int AS kept FROM kept_session')
  expect(rows).toEqual([{ kept: 1 }])
})

test('a session of which nothing is stored, and what is no session id, is not found', async () => {
  const unknown = aSession()

  expect((await keep('PUT', unknown))[0]).toBe(404)
  expect((await keep('PUT', 'nonsense'))[0]).toBe(404)
  expect((await keep('DELETE', 'nonsense'))[0]).toBe(404)
  expect(await keep('DELETE', unknown)).toEqual([200, { kept: false }])
})

test('one session too many is refused with the limit, until another one goes', async () => {
  const session = await storeSession()
  await collector.db.owner.query(
    "INSERT INTO kept_session SELECT 1, lpad(to_hex(n), 32, '0')::uuid, now() FROM generate_series(1, $1::int) n",
    [MAX_KEPT_SESSIONS],
  )

  expect(await keep('PUT', session)).toMatchObject([409, { error: { code: 'too_many_kept', limit: MAX_KEPT_SESSIONS, retryable: false } }])
  await keep('DELETE', '1'.padStart(32, '0'))
  expect(await keep('PUT', session)).toEqual([200, { kept: true }])
})

test('another site can neither keep a session nor let it go', async () => {
  const session = await storeSession()
  const answers = await Promise.all(
    (['PUT', 'DELETE'] as const).map((method) =>
      collector.app.inject({
        method,
        url: `/api/v1/sessions/${session}/keep`,
        headers: { ...headers, origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' },
      }),
    ),
  )

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403])
})
