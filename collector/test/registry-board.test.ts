import { performance } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BoardNode, NodePage, NodesBoard } from '../src/api.js'
import { aUuid, HEADERS, openCluster, type Cluster, type Collector } from './registry.test-kit.js'

let cluster: Cluster
let one: Collector
let two: Collector

const NODES = 1_000
const SERVICES = 40
/** The promise is a second; shared machines get more. */
const FRESH_WITHIN_MS = 5_000

beforeAll(async () => {
  cluster = await openCluster()
  const first = await cluster.start()
  await first.db.owner.query(
    `
    INSERT INTO node (project_id, node_uuid, service, environment, version, address, first_seen_at, seen_at, ttl_seconds, state, state_at, number, changed_by)
    SELECT 1, gen_random_uuid(), 'service-' || n % $2, CASE WHEN n % 2 = 0 THEN 'sandbox' ELSE 'demo' END, '1.0', 'http://10.0.0.1:' || n, $3, $3, 30,
           'up', $3, 1 + n / $2, pg_current_xact_id()
      FROM generate_series(0, $1 - 1) AS n`,
    [NODES, SERVICES, new Date(cluster.clock.nowMs)],
  )
  await first.close()
  one = await cluster.start()
  two = await cluster.start()
})

afterAll(() => cluster.close())

async function board(collector: Collector, query = ''): Promise<NodesBoard> {
  return collector.get<NodesBoard>(`/api/v1/nodes${query}`)
}

test('a page takes a thousand nodes; smaller ones follow one another without a gap', async () => {
  const whole = await board(one)
  const pages: BoardNode[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: NodesBoard = await board(one, `?limit=300${cursor === '' ? '' : `&cursor=${cursor}`}`)
    expect(page.counts.up).toBe(NODES)
    pages.push(...page.items)
    cursor = page.next
  }

  expect(whole.items).toHaveLength(NODES)
  expect(whole.next).toBeNull()
  expect(pages.map(({ id }) => id)).toEqual(whole.items.map(({ id }) => id))
})

test('is filtered by environment and service, with counts of what is left', async () => {
  const demo = await board(one, '?environment=demo')
  const service = await board(one, '?environment=demo&service=service-1')

  expect([demo.items.length, demo.counts.up]).toEqual([NODES / 2, NODES / 2])
  expect(service.items.map(({ name }) => name)).toEqual(Array.from({ length: NODES / SERVICES }, (_, i) => `service-1-${i + 1}`))
  expect((await one.app.inject({ url: '/api/v1/nodes?cursor=x', headers: HEADERS })).statusCode).toBe(400)
})

test('a leave at one collector is on the board of the other one while a thousand nodes beat', async () => {
  const { items } = await board(one)
  const [leaving, ...rest] = items
  if (!leaving) throw new Error('the board is empty')
  const beats = rest.slice(0, 100).map(({ id, service, environment, address = '' }) => one.beat({ id, service, environment, address }))

  const leftMs = performance.now()
  await one.leave(leaving.id)
  const stateAtTwo = async () => (await board(two)).items.find(({ id }) => id === leaving.id)?.state
  await expect.poll(stateAtTwo, { timeout: FRESH_WITHIN_MS, interval: 20 }).toBe('restarting')

  expect(performance.now() - leftMs).toBeLessThan(FRESH_WITHIN_MS)
  expect(new Set(await Promise.all(beats))).toEqual(new Set([204]))
})

test('a node tells what arrived of it in the last minute; one that only logs is on the board, and unknown', async () => {
  const [native, quiet] = [aUuid(), aUuid()]
  await one.beat({ id: native, service: 'mailer', properties: { host: 'a1', pid: 7, runtime: 'node/20' } })
  for (const id of [native, quiet]) {
    const header = {
      v: 1,
      producer: id,
      epoch: 1,
      first: 0,
      last: 2,
      sent: cluster.clock.nowMs,
      node: { id, service: 'mailer', environment: 'sandbox' },
    }
    const event = { session: '0193aaaa00001111222233334444abcd', span: id.slice(0, 8) + id.slice(0, 8), time: cluster.clock.nowMs }
    const lines = [
      { seq: 0, ...event, clock: [1], kind: 'open', name: 'job' },
      { seq: 1, ...event, clock: [2], level: 'error', message: 'no route' },
      { seq: 2, ...event, clock: [3], kind: 'close', status: 'ok' },
    ]
    const payload = [header, ...lines].map((line) => JSON.stringify(line)).join('\n')
    const headers = { ...HEADERS, 'content-type': 'application/x-ndjson' }
    expect((await one.app.inject({ method: 'POST', url: '/v1/batches', headers, payload })).statusCode).toBe(200)
  }

  const mailers = async () => (await board(one, '?service=mailer')).items
  await expect.poll(async () => (await mailers()).map(({ events }) => events), { timeout: 10_000 }).toEqual([3, 3])

  const sums = { events: 3, errors: 1, sessionsPerSecond: 1 / 60 }
  expect(await mailers()).toMatchObject([
    { id: native, name: 'mailer-1', state: 'up', host: 'a1', pid: 7, runtime: 'node/20', ...sums },
    { id: quiet, name: `mailer (${quiet.slice(0, 8)})`, state: 'unknown', lastBeat: null, ttlSeconds: null, ...sums },
  ])
  expect(await one.get<NodePage>(`/api/v1/nodes/${quiet.toUpperCase()}`)).toMatchObject({
    services: [{ state: 'unknown' }],
    changes: [],
    breakers: [],
  })
  expect((await one.app.inject({ url: `/api/v1/nodes/${aUuid()}`, headers: HEADERS })).statusCode).toBe(404)
})
