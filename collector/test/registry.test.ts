import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NodePage, NodesBoard } from '../src/api.js'
import type { NodeOffer } from '../src/registry/present-registered.js'
import { readRegistration } from '../src/registry/read-registration.js'
import { Registry } from '../src/registry/registry.js'
import { aUuid, HEADERS, openCluster, type Cluster, type Collector } from './registry.test-kit.js'

let cluster: Cluster
let collector: Collector

beforeEach(async () => {
  cluster = await openCluster()
  collector = await cluster.start()
})

afterEach(() => cluster.close())

const ADDRESS = 'http://10.0.0.3:8080'

async function offers(of: Collector = collector, query = ''): Promise<NodeOffer[]> {
  return (await of.get<{ items: NodeOffer[]; next: null }>(`/v1/nodes${query}`)).items
}

async function page(id: string, of: Collector = collector): Promise<NodePage> {
  return of.get<NodePage>(`/api/v1/nodes/${id}`)
}

async function changes(id: string): Promise<string[]> {
  return (await page(id)).changes.map(({ change }) => change).toReversed()
}

describe('the table', () => {
  test('tells nodes that can be resolved from those that are there only', async () => {
    const [cart, mailer] = [aUuid(), aUuid()]
    await collector.beat({ id: cart, address: ADDRESS, properties: { zone: 'a' } })
    await collector.beat({ id: mailer, service: 'mailer', version: 'nightly', environment: 'demo', ttlSeconds: 1.1 })

    expect(await offers()).toEqual([
      { id: cart, service: 'cart', version: '1.0', environment: 'sandbox', address: ADDRESS, ttlSeconds: 30, properties: { zone: 'a' } },
      { id: mailer, service: 'mailer', version: 'nightly', environment: 'demo', ttlSeconds: 1.1 },
    ])
    expect((await offers(collector, '?environment=demo')).map(({ id }) => id)).toEqual([mailer])
    expect(await offers(collector, '?environment=sandbox:demo')).toHaveLength(2)
  })

  test('one process offers several services, and leaves one of them or all', async () => {
    const id = aUuid()
    for (const service of ['cart', 'checkout', 'payments']) await collector.beat({ id, service })

    await collector.leave(id, '?service=cart')
    const some = (await offers()).map(({ service }) => service)
    await collector.leave(id)

    expect(some).toEqual(['checkout', 'payments'])
    expect(await offers()).toEqual([])
  })

  test('what a heartbeat says anew is taken over; without an address it keeps the one that it had', async () => {
    const id = aUuid()
    await collector.beat({ id, address: ADDRESS })
    await collector.beat({ id, version: '1.1' })

    expect(await offers()).toMatchObject([{ version: '1.1', address: ADDRESS }])
    expect(await changes(id)).toEqual(['up'])
  })

  test('what a process logs under a registered id changes neither its version nor its address', async () => {
    const id = aUuid()
    await collector.beat({ id, address: ADDRESS })
    const node = { id, service: 'cart', version: '6.6', environment: 'sandbox', address: 'http://evil', host: 'a1' }
    const payload = `${JSON.stringify({ v: 1, producer: id, epoch: 1, first: 0, last: -1, sent: cluster.clock.nowMs, node })}\n`
    const headers = { ...HEADERS, 'content-type': 'application/x-ndjson' }
    const answer = await collector.app.inject({ method: 'POST', url: '/v1/batches', headers, payload })

    expect(answer.statusCode).toBe(200)
    await collector.beat({ id })
    expect(await offers()).toMatchObject([{ version: '1.0', address: ADDRESS }])
  })
})

describe('many at once', () => {
  test('of processes that start at the same addresses together one is left at each, under numbers of their own', async () => {
    const beats = Array.from({ length: 30 }, (_, i) => collector.beat({ id: aUuid(), address: `http://10.0.0.${i % 10}:8080` }))
    expect(new Set(await Promise.all(beats))).toEqual(new Set([204]))

    const left = await offers()
    expect(new Set(left.map(({ address }) => address)).size).toBe(10)
    expect(left).toHaveLength(10)
    const { items } = await collector.get<NodesBoard>('/api/v1/nodes')
    expect(items.map(({ name }) => name)).toEqual(Array.from({ length: 10 }, (_, i) => `cart-${i + 1}`))
  })

  test('a leave that comes while a heartbeat is written has the last word', async () => {
    const now = () => cluster.clock.nowMs
    const registry = new Registry({ db: collector.db, projectId: 1, now, monotonicMs: now, log: pino({ level: 'silent' }) })
    await registry.start()
    const id = aUuid()

    const beating = registry.beat(readRegistration(id, { service: 'cart', ttlSeconds: 30 }, undefined))
    const leaving = registry.leave({ uuid: id, service: null, owner: null })
    await Promise.all([beating, leaving])

    expect(registry.active()).toEqual([])
    expect(await changes(id)).toEqual(['up', 'left'])
    await registry.stop()
  })

  test('of leaves that come together each is judged by its own bearer', async () => {
    const [ours, theirs] = [aUuid(), aUuid()]
    await collector.beat({ id: ours })
    await collector.beat({ id: theirs }, 'theirs')

    const answers = await Promise.all([collector.leave(theirs), collector.leave(ours), collector.leave(aUuid())])

    expect(answers).toEqual([409, 204, 204])
    expect((await offers()).map(({ id }) => id)).toEqual([theirs])
  })
})

describe('time to live', () => {
  test('a node is up until it was silent for its time to live, gone after twice that, and comes back with a beat', async () => {
    const [id, other] = [aUuid(), aUuid()]
    await collector.beat({ id, address: ADDRESS })
    await collector.beat({ id: other, ttlSeconds: 3_600 })
    const states: string[] = []
    const look = async (afterMs: number) => {
      cluster.clock.nowMs += afterMs
      states.push((await page(id)).services[0]?.state ?? '')
    }

    await look(30_000)
    await look(1)
    const stale = await offers()
    await look(29_999)
    await look(1)
    await collector.beat({ id, address: ADDRESS })
    await look(0)

    expect(states).toEqual(['up', 'stale', 'stale', 'gone', 'up'])
    expect(stale.map((offer) => offer.id)).toEqual([other])
    expect(await changes(id)).toEqual(['up', 'stale', 'gone', 'flap'])
    expect((await page(id)).services[0]).toMatchObject({ flaps: 1, restarts: 0 })
  })

  test('who left is restarting for a minute, then gone', async () => {
    const id = aUuid()
    await collector.beat({ id })
    cluster.clock.nowMs += 30_000
    await collector.leave(id)

    const { state } = (await page(id)).services[0] ?? {}
    cluster.clock.nowMs += 60_000

    expect(state).toBe('restarting')
    expect((await page(id)).services[0]).toMatchObject({ state: 'gone', lastHour: `${'.'.repeat(58)}ur` })
    expect(await changes(id)).toEqual(['up', 'left'])
  })
})

test('where many fall silent at once none expires, the board says that it does not know, and they go once others were heard on', async () => {
  const silent = Array.from({ length: 6 }, aUuid)
  const alive = [aUuid(), aUuid()]
  for (const id of [...silent, ...alive]) await collector.beat({ id })
  const pass = async (seconds: number) => {
    for (let i = 0; i < seconds; i += 10) {
      for (const id of alive) await collector.beat({ id })
      cluster.clock.nowMs += 10_000
      await page(alive[0] ?? '')
    }
  }

  await pass(40)
  const degraded = await collector.get<NodesBoard>('/api/v1/nodes')
  const resolvable = await offers()
  await pass(40)

  expect(degraded).toMatchObject({ counts: { up: 2, unknown: 6, stale: 0, gone: 0 }, registry: { state: 'degraded', held: 6 } })
  expect(resolvable).toHaveLength(8)
  const counts = async () => (await collector.get<NodesBoard>('/api/v1/nodes')).counts
  await expect.poll(counts).toMatchObject({ up: 2, unknown: 0, stale: 0, gone: 6 })
  expect(await changes(silent[0] ?? '')).toEqual(['up', 'gone'])
})

describe('a restart at a known address', () => {
  test('replaces the old node at once, under its name', async () => {
    const [old, sister, young] = [aUuid(), aUuid(), aUuid()]
    await collector.beat({ id: old, address: ADDRESS })
    await collector.beat({ id: sister, address: 'http://10.0.0.4:8080' })

    await collector.beat({ id: young, address: ADDRESS })

    expect((await offers()).map(({ id }) => id).toSorted()).toEqual([sister, young].toSorted())
    expect(await page(old)).toMatchObject({
      services: [{ state: 'gone' }],
      changes: [{ change: 'restart', replacedBy: young }, { change: 'up' }],
    })
    expect(await page(young)).toMatchObject({
      services: [{ state: 'up', replaced: old, restarts: 1, name: 'cart-1' }],
      changes: [{ change: 'restart', replaced: old }],
    })
    expect((await page(sister)).services).toMatchObject([{ name: 'cart-2', restarts: 0 }])
  })

  test('counts as one too after a leave, and an old process that beats on does not take the address back', async () => {
    const [old, young] = [aUuid(), aUuid()]
    await collector.beat({ id: old, address: ADDRESS })
    await collector.leave(old)
    await collector.beat({ id: young, address: ADDRESS })

    await collector.beat({ id: old, address: ADDRESS })
    await collector.beat({ id: young, address: ADDRESS })

    expect(await changes(young)).toEqual(['restart'])
    expect(await changes(old)).toEqual(['up', 'left', 'up'])
    expect(await offers()).toHaveLength(2)
  })

  test.each([
    ['service', { service: 'checkout' }],
    ['environment', { environment: 'demo' }],
  ])('of another %s it replaces nobody', async (_, fields) => {
    await collector.beat({ id: aUuid(), address: ADDRESS })
    await collector.beat({ id: aUuid(), address: ADDRESS, ...fields })

    expect(await offers()).toHaveLength(2)
  })
})

describe('ownership', () => {
  test('only the bearer that registered a node changes or removes it, and replaces it at its address', async () => {
    const id = aUuid()
    expect(await collector.beat({ id, address: ADDRESS }, 'ours')).toBe(204)

    const takeovers = [await collector.beat({ id, address: 'http://evil' }, 'theirs'), await collector.beat({ id })]
    const removals = [await collector.leave(id, '', 'theirs'), await collector.leave(id)]
    await collector.beat({ id: aUuid(), address: ADDRESS }, 'theirs')

    expect([...takeovers, ...removals]).toEqual([409, 409, 409, 409])
    expect((await offers()).find((offer) => offer.id === id)).toMatchObject({ address: ADDRESS })
    expect([await collector.beat({ id, address: ADDRESS }, 'ours'), await collector.leave(id, '', 'ours')]).toEqual([204, 204])
  })

  test('a node that was registered without a bearer is not claimed with one, and keeps no bearer itself', async () => {
    const id = aUuid()
    await collector.beat({ id })
    await collector.beat({ id: aUuid() }, 'secret')

    expect(await collector.beat({ id }, 'theirs')).toBe(409)
    expect(await collector.leave(aUuid(), '', 'theirs')).toBe(204)
    const { rows } = await collector.db.owner.query('SELECT node::text FROM node')
    expect(JSON.stringify(rows)).not.toContain('secret')
  })
})

test('a project has 10,000 nodes at most, and these beat on', async () => {
  await collector.close()
  const id = aUuid()
  const other = await cluster.start()
  await other.beat({ id })
  await other.db.owner.query(`
    INSERT INTO node (project_id, node_uuid, service, environment, first_seen_at, seen_at, ttl_seconds, state, state_at, number)
    SELECT 1, gen_random_uuid(), 'cart', 'sandbox', first_seen_at, seen_at, 30, 'up', state_at, n
      FROM node, generate_series(2, 10000) AS n`)
  await other.close()
  collector = await cluster.start()

  const answer = await collector.app.inject({
    method: 'PUT',
    url: `/v1/nodes/${aUuid()}`,
    headers: HEADERS,
    payload: { service: 'cart', environment: 'sandbox', ttlSeconds: 30 },
  })

  expect([answer.statusCode, answer.json().error.code]).toEqual([429, 'too_many_nodes'])
  expect(await collector.beat({ id })).toBe(204)
  await collector.leave(id)
  expect(await collector.beat({ id: aUuid() })).toBe(204)
})

test('an address that is empty or over 2 KiB, and a time to live under a second or over an hour are refused', async () => {
  const bad = [{ address: '' }, { address: 'x'.repeat(3_072) }, { ttlSeconds: 0.999 }, { ttlSeconds: 3_600.1 }]
  const answers = []
  for (const fields of bad) answers.push(await collector.beat({ id: aUuid(), ...fields }))

  expect(answers).toEqual([400, 400, 400, 400])
  expect(await offers()).toEqual([])
})
