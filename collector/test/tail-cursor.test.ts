import fc from 'fast-check'
import { openDatabase } from '@groundtrack/db'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildApp } from '../src/app.js'
import { aNode, aSession, openTestApp, TestHop, type TestApp, type TestNode } from './query.test-kit.js'
import { openTail, sendTo, type TailClient, type TailMessage } from './tail.test-kit.js'

let tested: TestApp
const nodes: TestNode[] = []

beforeEach(async () => {
  tested = await openTestApp()
  nodes.splice(0, nodes.length, aNode('cart'), aNode('checkout'))
})
afterEach(() => tested.close())

/** A second collector on the same database. */
async function startSister() {
  const db = openDatabase({ url: tested.db.url })
  const app = await buildApp({
    db,
    config: { port: 43_300, retentionDays: 7 },
    log: pino({ level: 'silent' }),
    now: () => tested.clock.nowMs,
  })
  return {
    app,
    async close() {
      await app.close()
      await db.close()
    },
  }
}

const isLive = ({ event }: TailMessage) => event === 'live'

test('a writer that commits after a later one is not skipped, nor is anything held up by a long transaction', async () => {
  const [cart = aNode('cart')] = nodes
  await tested.send(cart, [new TestHop(aSession()).line({ message: 'model' })])
  const elsewhere = await tested.db.owner.connect()
  await elsewhere.query('BEGIN; SELECT pg_current_xact_id()')
  const writer = await tested.db.owner.connect()
  await writer.query("INSERT INTO writer (collector, started_at) VALUES (gen_random_uuid(), '2026-01-15T11:59:59Z')")
  await writer.query(`BEGIN;
    INSERT INTO flush (received_at, writer_id, flush_no, events) SELECT '2026-01-15T11:59:59.5Z', max(id), 1, 1 FROM writer;
    INSERT INTO event SELECT (jsonb_populate_record(e, jsonb_build_object('message', 'begun first', 'received_at', '2026-01-15T11:59:59.5Z',
      'flush_id', (SELECT max(id)::bigint << 32 FROM writer) + 1))).* FROM event e`)
  const client = await openTail(tested.app, '')
  await client.textsUntil(isLive)

  await tested.send(cart, [new TestHop(aSession()).line({ message: 'begun second' })])
  const first = await client.texts(1)
  const cursor = client.cursor
  await writer.query('COMMIT')
  const second = await client.texts(1)
  const resumed = await (await openTail(tested.app, '', cursor)).textsUntil(isLive)
  const { rows: byIdAlone } = await tested.db.read.query(
    "SELECT message FROM event WHERE (received_at, flush_id) > (SELECT received_at, flush_id FROM event WHERE message = 'begun second')",
  )

  await elsewhere.query('ROLLBACK')
  elsewhere.release()
  writer.release()
  expect([first, second, resumed]).toEqual([['begun second'], ['begun first'], ['begun first']])
  expect(byIdAlone).toEqual([])
})

test('whatever two collectors write, a tail that is cut off again and again tells each event once', async () => {
  const sister = await startSister()
  const apps = [tested.app, sister.app]
  const cuts = fc.sample(fc.integer({ min: 1, max: 12 }), { numRuns: 60, seed: 7 })
  const total = 600
  const load = Promise.all(
    nodes.map(async (node, i) => {
      for (let batch = 0; batch < total / 2 / 5; batch++) {
        const hop = new TestHop(aSession())
        const lines = Array.from({ length: 5 }, (_, line) => hop.line({ message: `${i}-${batch * 5 + line}` }))
        await sendTo(apps[(batch + i) % 2] ?? tested.app, node, lines)
      }
    }),
  )

  const told: string[] = []
  let cursor: string | undefined
  for (let i = 0; told.length < total; i++) {
    const client: TailClient = await openTail(apps[i % 2] ?? tested.app, cursor === undefined ? '?since=1h' : '', cursor)
    told.push(...(await client.texts(Math.min(cuts[i] ?? total, total - told.length))))
    cursor = client.cursor
    client.close()
  }

  await load
  await sister.close()
  expect(new Set(told).size).toBe(total)
})

test('a client that does not read is told what it missed, and costs no more than its buffer', async () => {
  const [cart = aNode('cart')] = nodes
  const client = await openTail(tested.app, '')
  await client.textsUntil(isLive)
  const total = 120
  for (let i = 0; i < total; i++) await tested.send(cart, [new TestHop(aSession()).line({ message: `${i} ${'x'.repeat(200_000)}` })])

  const gaps: { from: string; to: string; count: number }[] = []
  let events = 0
  for (let accounted = 0; accounted < total;) {
    const { event, data } = await client.next()
    if (event === 'gap') gaps.push(data as { from: string; to: string; count: number })
    if (event === 'event') events++
    accounted = events + gaps.reduce((sum, { count }) => sum + count, 0)
  }

  expect(gaps.length).toBeGreaterThan(0)
  for (const { from, to, count } of gaps) {
    const missed = await openTail(tested.app, '', from)
    expect(await missed.textsUntil(({ id }) => id === to)).toHaveLength(count)
    missed.close()
  }
})
