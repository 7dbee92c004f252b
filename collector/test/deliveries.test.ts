import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mergeLedger, dropPartitions } from '@groundtrack/db'
import type { Deliveries, DeliverySum } from '../src/api.js'
import { aBatch, anEvent, HOST, INSTANT_MS, NODE, startTestApp, type TestApp } from './ingest.test-kit.js'

let collector: TestApp
let nowMs: number

beforeEach(async () => {
  nowMs = INSTANT_MS
  collector = await startTestApp({ now: () => nowMs })
})

afterEach(() => collector.close())

const MINUTE_MS = 60_000
const DAY_MS = 1_440 * MINUTE_MS
const CART = randomUUID()
const MAIL = randomUUID()
const MAILER = { ...NODE, id: randomUUID(), service: 'mailer', environment: 'demo' }
const NONE: DeliverySum = { logged: 0, stored: 0, rejected: 0, dropped: 0, held: 0, unexplained: 0 }

/** A batch from `first` on: events, and for each string a line that is rejected. */
async function send(producer: string, first: number, lines: readonly (1 | string)[], header: Record<string, unknown> = {}) {
  const events = lines.map((line, i) => (line === 1 ? anEvent({ clock: [first + i + 1] }) : line))
  const answer = await collector.send({ body: aBatch(events, { producer, epoch: 1, first, last: first + lines.length - 1, ...header }) })
  return answer.body
}

/** A line that is rejected: nested too deeply. */
const bad = (seq: number) => `{"seq":${seq},"attributes":${'['.repeat(40)}${']'.repeat(40)}}`

async function announce(node: { id: string; service: string; environment: string }): Promise<void> {
  const { id, service, environment } = node
  const body = JSON.stringify({ service, environment, ttlSeconds: 30 })
  await collector.send({ url: `/v1/nodes/${id}`, method: 'PUT', body, headers: { 'content-type': 'application/json' } })
}

async function read(): Promise<Deliveries> {
  const answer = await collector.app.inject({ url: '/api/v1/deliveries', headers: { host: HOST } })
  expect(answer.statusCode).toBe(200)
  const deliveries = answer.json<Deliveries>()
  for (const sum of [deliveries.total, ...deliveries.services, ...deliveries.services.flatMap(({ producers }) => producers)])
    expect(sum.logged).toBe(sum.stored + sum.rejected + sum.dropped + sum.held + sum.unexplained)
  return deliveries
}

async function readService(name: string): Promise<DeliverySum> {
  const found = (await read()).services.find(({ service }) => service === name)
  return pick(found)
}

function pick(sum: DeliverySum | undefined): DeliverySum {
  const { logged, stored, rejected, dropped, held, unexplained } = sum ?? NONE
  return { logged, stored, rejected, dropped, held, unexplained }
}

test('where nothing came there is nothing to account for', async () => {
  expect(await read()).toEqual({ total: NONE, serviceCount: 0, services: [] })
})

test('every number of a history of batches, rejections, drops, holes and duplicates is counted once', async () => {
  await announce(NODE)
  // 0–4 stored, 5 rejected, 6–7 stored.
  await send(CART, 0, [1, 1, 1, 1, 1, bad(5), 1, 1])
  expect(await send(CART, 0, [1, 1, 1, 1, 1, bad(5), 1, 1])).toMatchObject({ duplicate: true })
  // 8 stored, 9–13 dropped through two hops of three, 14 stored.
  const hops = [1, 2].map((n) => ({ session: anEvent()['session'], span: `00f067aa0ba902b${n}`, from: 1, to: 2 }))
  const header = { producer: CART, epoch: 1, first: 8, last: 14, dropped: [{ first: 9, last: 13, reason: 'buffer_full', hops }] }
  const dropping = await collector.send({
    body: aBatch(
      [
        { ...anEvent(), seq: 8 },
        { ...anEvent(), seq: 14 },
      ],
      header,
    ),
  })
  expect(dropping.body).toMatchObject({ stored: 2 })
  // 15–19 on the way, 20–21 stored.
  await send(CART, 20, [1, 1])
  // A second life of the same producer, and other bytes under numbers that are taken.
  await send(CART, 0, [1, 1, 1], { epoch: 2 })
  expect((await send(CART, 20, [1, bad(21)])).error).toMatchObject({ code: 'producer_conflict' })
  // A sign of life.
  await send(CART, 22, [])

  const { services, total } = await read()

  const [cart] = services
  expect(cart).toMatchObject({ service: 'cart', environment: 'sandbox', producerCount: 2 })
  expect(pick(cart)).toEqual({ logged: 25, stored: 14, rejected: 1, dropped: 5, held: 5, unexplained: 0 })
  expect(cart?.producers.map((one) => ({ ...pick(one), producer: one.producer, epoch: one.epoch, node: one.node }))).toEqual([
    { logged: 22, stored: 11, rejected: 1, dropped: 5, held: 5, unexplained: 0, producer: CART, epoch: 1, node: NODE.id },
    { logged: 3, stored: 3, rejected: 0, dropped: 0, held: 0, unexplained: 0, producer: CART, epoch: 2, node: NODE.id },
  ])
  expect(cart?.producers[0]?.lastSeen).toBe('2026-01-15T12:00:00.000000Z')
  expect(total).toEqual(pick(cart))
  expect(await collector.query('SELECT count(*)::int AS stored FROM event')).toEqual([{ stored: 14 }])
})

test('a hole is held for ten minutes, then unexplained, and stored when it comes after all', async () => {
  await announce(NODE)
  await send(CART, 0, [1, 1])
  await send(CART, 5, [1])
  const atOnce = await readService('cart')
  nowMs += 9 * MINUTE_MS
  await announce(NODE)
  await send(CART, 6, [1])
  await send(CART, 9, [1])
  const late = await readService('cart')
  nowMs += 2 * MINUTE_MS
  await announce(NODE)
  const settled = await readService('cart')
  await send(CART, 3, [1])
  const partly = await readService('cart')
  await send(CART, 2, [1])
  await send(CART, 4, [1])
  await send(CART, 7, [1, 1])

  expect(atOnce).toEqual({ ...NONE, logged: 6, stored: 3, held: 3 })
  expect(late).toEqual({ ...NONE, logged: 10, stored: 5, held: 5 })
  expect(settled).toEqual({ ...NONE, logged: 10, stored: 5, held: 2, unexplained: 3 })
  expect(partly).toEqual({ ...NONE, logged: 10, stored: 6, held: 2, unexplained: 2 })
  expect(await readService('cart')).toEqual({ ...NONE, logged: 10, stored: 10 })
})

test('the holes of a producer whose node left, or was silent for twice its time to live, are unexplained at once', async () => {
  await announce(NODE)
  await announce(MAILER)
  await send(CART, 1, [1])
  await send(MAIL, 2, [1], { node: MAILER })
  const before = (await read()).total
  await collector.send({ url: `/v1/nodes/${NODE.id}`, method: 'DELETE', body: '' })
  const left = [await readService('cart'), await readService('mailer')]
  nowMs += 61_000

  expect(before).toEqual({ ...NONE, logged: 5, stored: 2, held: 3 })
  expect(left).toEqual([
    { ...NONE, logged: 2, stored: 1, unexplained: 1 },
    { ...NONE, logged: 3, stored: 1, held: 2 },
  ])
  const after = await read()
  expect(after.total).toEqual({ ...NONE, logged: 5, stored: 2, unexplained: 3 })
  expect(after.services.map(({ service }) => service)).toEqual(['mailer', 'cart'])
})

test('events without a producer are stored, and nothing else is known of them', async () => {
  const body = '{"message":"hello","service":"cart"}\n{"message":"hello","service":"backup"}\nnonsense'
  await collector.send({ url: '/v1/events', body })
  await send(CART, 0, [1, 1])

  const { services, total } = await read()

  expect(services.map((one) => [one.service, one.producerCount, pick(one)])).toEqual([
    ['backup', 0, { ...NONE, logged: 1, stored: 1 }],
    ['cart', 1, { ...NONE, logged: 3, stored: 3 }],
  ])
  expect(total).toEqual({ ...NONE, logged: 4, stored: 4 })
})

test('merging the ledger and losing old days to retention change no number', async () => {
  await send(CART, 0, [1, bad(1), 1])
  await collector.send({
    body: aBatch([{ ...anEvent(), seq: 5 }], {
      producer: CART,
      epoch: 1,
      first: 3,
      last: 5,
      dropped: [{ first: 3, last: 4, reason: 'exit' }],
    }),
  })
  await send(CART, 9, [1])
  await send(CART, 10, [1])
  nowMs += 10 * DAY_MS
  const before = await readService('cart')

  expect(await mergeLedger(collector.db.owner, new Date(nowMs))).toBe(2)
  const merged = await readService('cart')
  await dropPartitions(collector.db.owner, new Date(nowMs))

  expect(before).toEqual({ logged: 11, stored: 5, rejected: 1, dropped: 2, held: 0, unexplained: 3 })
  expect([merged, await readService('cart')]).toEqual([before, before])
  expect(await collector.query('SELECT FROM absence')).toEqual([])
})

test('of very many producers and services the worst are listed, and the sums are of all', async () => {
  await collector.db.owner.query(`
    INSERT INTO node (project_id, node_uuid, service, environment, first_seen_at)
    SELECT 1, gen_random_uuid(), 'service ' || lpad((n % 600)::text, 3, '0'), 'sandbox', '2026-01-15' FROM generate_series(0, 11999) n;
    INSERT INTO producer SELECT 1, gen_random_uuid(), 1, id, '2026-01-15' FROM node WHERE service < 'service 599';
    INSERT INTO producer SELECT 1, gen_random_uuid(), n, id, '2026-01-15' FROM node, generate_series(1, 5) n WHERE service = 'service 599';
    INSERT INTO batch SELECT 1, producer, epoch, n * 20, n * 20 + 9, '\\x00', '2026-01-15' FROM producer, generate_series(0, 2) n;
    DELETE FROM batch USING producer, node WHERE batch.producer = producer.producer AND node.id = node_id AND service <> 'service 599' AND first > 0`)

  const { services, serviceCount, total } = await read()

  expect(serviceCount).toBe(600)
  expect(services).toHaveLength(500)
  expect(services[0]).toMatchObject({ service: 'service 599', producerCount: 100, logged: 5000, stored: 3000, unexplained: 2000 })
  expect(services[0]?.producers).toHaveLength(50)
  expect(services[1]).toMatchObject({ service: 'service 000', producerCount: 20, stored: 200 })
  expect(total).toEqual({ ...NONE, logged: 599 * 20 * 10 + 5000, stored: 599 * 20 * 10 + 3000, unexplained: 2000 })
})
