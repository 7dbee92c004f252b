import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { EventView, SessionEvents, SessionRow, SessionView } from '../src/api.js'
import { EVENTS_A_HOP, HOPS, sendLargeSession, type LargeSession } from './large-session.test-kit.js'
import { openTestApp, type TestApp } from './query.test-kit.js'

const EVENTS = HOPS * EVENTS_A_HOP
const HEADERS = { host: '127.0.0.1:43300' }

let t: TestApp
let large: LargeSession
let url: string
beforeAll(async () => {
  t = await openTestApp()
  await t.app.listen({ host: '127.0.0.1', port: 0 })
  large = await sendLargeSession(t)
  url = `/api/v1/sessions/${large.session}`
}, 60_000)
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(async () => {
  await t.close()
})

const keyOf = (row: SessionRow) => (row.kind === 'missing' ? `${row.span}:${'from' in row ? row.from : ''}` : 'id' in row ? row.id : '')

/** How often bodies of events were read. */
function countWindows(): () => number {
  const query = vi.spyOn(t.db.read, 'query')
  return () => query.mock.calls.filter(([statement]) => isNamed(statement, 'list-event-bodies')).length
}

function isNamed(statement: unknown, name: string): boolean {
  return typeof statement === 'object' && statement !== null && 'name' in statement && statement.name === name
}

test('its view tells the true totals, the hops, the clocks, and each lost event', async () => {
  const view = await t.get<SessionView>(url)
  expect(view.session).toMatchObject({ events: EVENTS - large.lost, missing: large.lost })
  // No number of a producer is absent, so only the end of a hop may still come.
  const { expected = 0, unexplained = 0, ...others } = view.session.missingByState
  expect([expected + unexplained, unexplained > expected, others]).toEqual([large.lost, true, {}])
  expect([view.hops.length, view.missing.length, view.oddities]).toEqual([HOPS, large.lost, []])
  expect(view).not.toHaveProperty('totals')
  for (const [i, { id }] of large.nodes.entries()) {
    const skew = view.nodes.find((node) => node.id === id)?.skewMs
    expect(Math.abs((skew?.offset ?? Infinity) - (large.skewMs[i] ?? 0))).toBeLessThanOrEqual(skew?.error ?? -1)
  }
})

test('its rows are each in one window, the first to the last', { timeout: 60_000 }, async () => {
  const keys = new Set<string>()
  let rows = 0
  for (let next: string | null = '0'; next !== null;) {
    const window: SessionEvents = await t.get<SessionEvents>(`${url}/events?order=cause&limit=1000&cursor=${next}`)
    expect([window.total, window.from]).toEqual([EVENTS, rows])
    for (const row of window.items) keys.add(keyOf(row))
    rows += window.items.length
    next = window.next
  }
  expect([rows, keys.size]).toEqual([EVENTS, EVENTS])
})

test('its whole stream is its windows, one after another', async () => {
  const answer = await t.app.inject({ url: `${url}/events?format=ndjson`, headers: HEADERS })
  const lines = answer.body.trimEnd().split('\n')
  expect(lines).toHaveLength(EVENTS)
  const middle = await t.get<SessionEvents>(`${url}/events?from=49900&limit=200`)
  expect(lines.slice(49_900, 50_100).map((line) => JSON.parse(line))).toEqual(middle.items)
}, 60_000)

test('it is searched by the server, each match with its place', async () => {
  const found = await t.get<SessionEvents>(`${url}/events?q=${encodeURIComponent('"item A-77 of"')}&limit=1000`)
  expect(found.total).toBeGreaterThan(HOPS - 10)
  expect(found.items).toHaveLength(found.total)
  const last = found.items.at(-1)
  const place = await t.get<SessionEvents>(`${url}/events?from=${last?.position}&limit=1`)
  expect((place.items[0] as EventView).id).toBe((last as EventView).id)
})

test('paging through it orders it once', async () => {
  await t.get(`${url}/events?limit=1`)
  const query = vi.spyOn(t.db.read, 'query')
  for (const from of [0, 20_000, 99_000]) await t.get(`${url}/events?from=${from}`)
  expect(query.mock.calls.filter(([statement]) => isNamed(statement, 'list-session-events'))).toHaveLength(0)
  expect(query.mock.calls.filter(([statement]) => isNamed(statement, 'list-event-bodies'))).toHaveLength(3)
})

async function startStream(): Promise<IncomingMessage> {
  const { port } = t.app.server.address() as AddressInfo
  const [answer] = (await once(get({ port, host: '127.0.0.1', path: `${url}/events?format=ndjson` }), 'response')) as [IncomingMessage]
  return answer
}

test('a client that doesn’t read on holds the stream back, and one that leaves ends it', async () => {
  const windows = countWindows()
  const connection = once(t.app.server, 'connection')
  const answer = await startStream()
  expect(answer.statusCode).toBe(200)
  const [socket] = (await connection) as [NodeJS.EventEmitter]
  const closed = new Promise((resolve) => socket.once('close', resolve))
  // Meanwhile others are served; what is read for the client is what its socket takes.
  for (let i = 0; i < 20; i++) await t.get(`${url}?${i}`)
  const whileWaiting = windows()
  expect(whileWaiting).toBeGreaterThan(0)
  expect(whileWaiting).toBeLessThan(15)
  answer.destroy()
  await closed
  await t.get(url)
  expect(windows()).toBeLessThanOrEqual(whileWaiting + 1)
  expect(t.db.read.idleCount).toBe(t.db.read.totalCount)
}, 60_000)
