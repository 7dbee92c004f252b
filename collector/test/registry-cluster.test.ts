import { afterEach, beforeEach, expect, test } from 'vitest'
import type { NodesBoard } from '../src/api.js'
import type { NodeOffer } from '../src/registry/present-registered.js'
import { aUuid, openCluster, type Cluster, type Collector } from './registry.test-kit.js'

let cluster: Cluster
let one: Collector
let two: Collector

beforeEach(async () => {
  cluster = await openCluster()
  one = await cluster.start()
  two = await cluster.start()
})

afterEach(() => cluster.close())

async function idsAt(collector: Collector): Promise<string[]> {
  return (await collector.get<{ items: NodeOffer[] }>('/v1/nodes')).items.map(({ id }) => id).toSorted()
}

async function changeCounts(): Promise<Record<string, number>> {
  const { rows } = await one.db.owner.query<{ change: string; count: number }>(
    'SELECT change, count(*)::int FROM node_change GROUP BY change',
  )
  return Object.fromEntries(rows.map(({ change, count }) => [change, count]))
}

test('what one collector hears the other one knows, and a leave too', async () => {
  const [cart, mailer] = [aUuid(), aUuid()]
  await one.beat({ id: cart })
  await two.beat({ id: mailer, service: 'mailer' })

  await expect.poll(() => idsAt(one)).toEqual([cart, mailer].toSorted())
  await expect.poll(() => idsAt(two)).toEqual([cart, mailer].toSorted())
  await two.leave(cart)
  await expect.poll(() => idsAt(one)).toEqual([mailer])
})

test('each change is written once, whichever collectors see it, and a beat at one keeps a node up at both', async () => {
  const ids = Array.from({ length: 12 }, aUuid)
  const [kept = '', ...silent] = ids
  for (const id of ids) await one.beat({ id, ttlSeconds: id === kept ? 60 : 3_600 })
  await expect.poll(() => idsAt(two)).toHaveLength(12)
  cluster.clock.nowMs += 50_000
  await two.beat({ id: kept, ttlSeconds: 60 })
  const revision = async () => (await one.db.owner.query(`SELECT revision FROM node WHERE node_uuid = '${kept}'`)).rows
  expect(await revision()).toEqual([{ revision: '2' }])
  await two.beat({ id: silent[0] ?? '', ttlSeconds: 1 })
  await expect
    .poll(async () => (await one.get<{ items: NodeOffer[] }>('/v1/nodes')).items.some(({ ttlSeconds }) => ttlSeconds === 1))
    .toBe(true)
  cluster.clock.nowMs += 20_000

  const countsAtBoth = () => Promise.all([one, two].map(async (collector) => (await collector.get<NodesBoard>('/api/v1/nodes')).counts))
  const counts = { up: 11, stale: 0, gone: 1, restarting: 0, unknown: 0 }
  await expect.poll(countsAtBoth).toEqual([counts, counts])

  expect(await changeCounts()).toEqual({ up: 12, gone: 1 })
})

test('both take in at once what a collector that starts later finds, and two that restart at one address leave one', async () => {
  const address = 'http://10.0.0.3:8080'
  await one.beat({ id: aUuid(), address })
  await Promise.all([one.beat({ id: aUuid(), address }), two.beat({ id: aUuid(), address })])

  const three = await cluster.start()

  const known = await idsAt(three)
  expect(known).toHaveLength(1)
  await expect.poll(() => idsAt(one)).toEqual(known)
  await expect.poll(() => idsAt(two)).toEqual(known)
  expect(await changeCounts()).toEqual({ up: 1, restart: 4 })
})

test('collectors that were away for three times to live expire nobody, the dead go within two, and the hour shows what nobody heard', async () => {
  const ids = Array.from({ length: 10 }, aUuid)
  const [dead = '', ...alive] = ids
  for (const id of ids) await one.beat({ id })
  await one.close()
  await two.close()
  cluster.clock.nowMs += 15 * 60_000
  const back = await cluster.start()

  const atOnce = await back.get<NodesBoard>('/api/v1/nodes')
  for (let beat = 0; beat < 7; beat++) {
    for (const id of alive) await back.beat({ id })
    cluster.clock.nowMs += 10_000
    await back.get(`/api/v1/nodes/${dead}`)
  }

  expect(atOnce).toMatchObject({ counts: { up: 0, unknown: 10 }, registry: { state: 'grace' } })
  await expect.poll(async () => (await back.get<NodesBoard>('/api/v1/nodes')).counts).toMatchObject({ up: 9, gone: 1, unknown: 0 })
  const after = await back.get<NodesBoard>('/api/v1/nodes')
  expect(after.registry.state).toBe('healthy')
  const { rows } = await back.db.owner.query(
    "SELECT DISTINCT node_uuid::text AS id FROM node JOIN node_change ON node_id = node.id WHERE change <> 'up'",
  )
  expect(rows).toEqual([{ id: dead }])
  expect(after.items.find(({ id }) => id === alive[0])?.lastHour).toMatch(/^\.{43}u?\.{13,15}u{2}$/)
})
