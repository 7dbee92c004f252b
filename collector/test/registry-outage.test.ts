import { afterEach, beforeEach, expect, test } from 'vitest'
import type { NodesBoard, RegistryHealth, SessionView } from '../src/api.js'
import { openGate, type DatabaseGate } from './database-gate.test-kit.js'
import { aUuid, HEADERS, openCluster, type Cluster, type Collector } from './registry.test-kit.js'

let cluster: Cluster
let collector: Collector
let gate: DatabaseGate

beforeEach(async () => {
  cluster = await openCluster()
  gate = await openGate(cluster.database.url)
  collector = await cluster.start(gate.url)
})

afterEach(async () => {
  await cluster.close()
  await gate.close()
})

const SESSION = '0193aaaa00001111222233334444abcd'
const BEATS = 9

/** Work that nobody ended. */
async function begin(node: string): Promise<void> {
  const header = {
    v: 1,
    producer: node,
    epoch: 1,
    first: 0,
    last: 0,
    sent: cluster.clock.nowMs,
    node: { id: node, service: 'cart', environment: 'sandbox' },
  }
  const open = { seq: 0, session: SESSION, span: '00f067aa0ba902b7', clock: [1], time: cluster.clock.nowMs, kind: 'open', name: 'job' }
  const payload = `${JSON.stringify(header)}\n${JSON.stringify(open)}\n`
  const headers = { ...HEADERS, 'content-type': 'application/x-ndjson' }
  const answer = await collector.app.inject({ method: 'POST', url: '/v1/batches', headers, payload })
  expect(answer.statusCode).toBe(200)
}

async function outcome(): Promise<string> {
  const { session } = await collector.get<SessionView>(`/api/v1/sessions/${SESSION}`)
  const { items } = await collector.get<{ items: unknown[] }>(`/api/v1/sessions?q=session:${SESSION} outcome:${session.outcome}&from=-1d`)
  expect(items).toHaveLength(1)
  return session.outcome
}

async function registryState(): Promise<RegistryHealth['state']> {
  return (await collector.get<{ registry: RegistryHealth }>('/v1/nodes')).registry.state
}

test('a database that was away for three times to live expires nobody and lets no work die; discovery goes on meanwhile', async () => {
  const [cart, mailer] = [aUuid(), aUuid()]
  await collector.beat({ id: cart })
  await collector.beat({ id: mailer, service: 'mailer' })
  await begin(cart)

  gate.shut()
  const refused: number[] = []
  for (let beat = 0; beat < BEATS; beat++) {
    cluster.clock.nowMs += 10_000
    refused.push(await collector.beat({ id: cart }))
  }
  const meanwhile = await collector.get<{ items: unknown[]; registry: RegistryHealth }>('/v1/nodes')
  gate.open()
  await expect.poll(registryState, { timeout: 10_000 }).not.toBe('degraded')

  expect(refused).toEqual(Array.from({ length: BEATS }, () => 503))
  expect(meanwhile).toMatchObject({ items: [{ id: cart }, { id: mailer }], registry: { state: 'degraded' } })
  expect(await outcome()).toBe('running')
  await collector.beat({ id: mailer, service: 'mailer' })
  cluster.clock.nowMs += 29_000
  expect(await outcome()).toBe('running')
  await collector.beat({ id: mailer, service: 'mailer' })
  cluster.clock.nowMs += 32_000
  expect(await outcome()).toBe('died')
  const { rows } = await collector.db.owner.query(
    "SELECT DISTINCT node_uuid::text AS id FROM node JOIN node_change ON node_id = node.id WHERE change = 'gone'",
  )
  expect(rows).toEqual([{ id: cart }])
})

test('a page that is opened right after the collector was away for three times to live shows no work that died', async () => {
  const cart = aUuid()
  await collector.beat({ id: cart })
  await begin(cart)
  await collector.close()
  cluster.clock.nowMs += 90_000
  collector = await cluster.start()

  expect(await outcome()).toBe('running')
  expect(await registryState()).toBe('grace')
  expect((await collector.get<NodesBoard>('/api/v1/nodes')).items).toMatchObject([{ id: cart, state: 'unknown' }])
  cluster.clock.nowMs += 61_000
  expect(await outcome()).toBe('died')
})
