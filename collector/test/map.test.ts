import { afterAll, beforeAll, expect, test } from 'vitest'
import { rollUpCalls } from '@groundtrack/db'
import type { MapEdge, ServiceMap } from '../src/api.js'
import { aCall, aTurn } from './breakers.test-kit.js'
import { aNode, aSession, NOW_MS, openTestApp, TestHop, type TestApp, type TestNode } from './query.test-kit.js'

let t: TestApp
const cart = aNode('cart')
const demoCart = aNode('cart', 'demo')
const storefront = aNode('storefront')
const payments = aNode('payments')
const ADDRESS = 'http://10.0.0.7:8080'
const BANK = 'https://bank.example'
const MINUTE_MS = 60_000

/** So many calls of a node, a minute ago or as many as said, each answered after `ms` with that status; null: never. */
async function callAll(node: TestNode, target: unknown, statuses: readonly (string | null)[], ms = 10, minutesAgo = 1): Promise<void> {
  const hop = new TestHop(aSession(), [], NOW_MS - minutesAgo * MINUTE_MS)
  const lines = statuses.flatMap((status) => {
    const call = aCall(hop, target)
    hop.ms += ms - 1
    return status === null ? [call.line] : [call.line, call.answer(status)]
  })
  await t.send(node, lines)
}

beforeAll(async () => {
  t = await openTestApp()
  for (const node of [cart, demoCart, storefront, payments]) await t.announce(node)
  await t.db.owner.query('UPDATE node SET address = $1 WHERE node_uuid = $2', [ADDRESS, payments.id])
  await callAll(
    storefront,
    { service: 'cart', node: cart.id },
    Array.from({ length: 95 }, () => 'ok'),
  )
  await callAll(storefront, { service: 'cart' }, ['ok', 'ok', 'ok', 'error', 'timeout'], 400)
  await callAll(cart, { address: ADDRESS }, ['ok', 'cut', null])
  await callAll(cart, { node: payments.id, service: 'an old name' }, ['ok'])
  await callAll(cart, { address: BANK }, ['ok'])
  await callAll(demoCart, { address: BANK }, ['ok', 'ok'])
  await callAll(cart, { address: BANK }, ['error', 'error'], 10, 90)
  const hop = new TestHop(aSession())
  await t.send(cart, [aTurn(hop, { node: payments.id }, 'closed', 'open')])
})
afterAll(async () => {
  await t.close()
})

const map = (query = '') => t.get<ServiceMap>(`/api/v1/map${query}`)
const edgesOf = async (query = '') => new Map((await map(query)).edges.map((edge) => [`${edge.from} ${edge.to}`, edge]))
const figures = (edge: MapEdge | undefined) => edge && [edge.calls, edge.errors, edge.timeouts, edge.cuts, edge.errorShare]

test('joins services by what they called, whatever the target was named by', async () => {
  const edges = await edgesOf()

  expect([...edges.keys()].toSorted()).toEqual([`cart ${BANK}`, 'cart payments', 'storefront cart'])
  expect(figures(edges.get('storefront cart'))).toEqual([100, 1, 1, 0, 0.02])
  expect(figures(edges.get('cart payments'))).toEqual([4, 0, 0, 1, 0.25])
  expect(figures(edges.get(`cart ${BANK}`))).toEqual([3, 0, 0, 0, 0])
  expect(edges.get('storefront cart')?.callsPerSecond).toBeCloseTo(100 / 3_600, 4)
})

test('tells how long calls take, to a fifth', async () => {
  const { p50Ms, p95Ms } = (await edgesOf()).get('storefront cart') ?? {}
  const slow = (await edgesOf()).get('cart payments')

  expect([within(p50Ms, 10), within(p95Ms, 10), within(slow?.p50Ms, 10)]).toEqual([true, true, true])
  await callAll(storefront, { service: 'cart' }, ['ok'], 400)
  expect(within((await edgesOf()).get('storefront cart')?.p95Ms, 400)).toBe(true)
})

test('is the same once the sums were moved', async () => {
  const before = await map()
  expect(await rollUpCalls(t.db.owner, new Date(NOW_MS))).toBeGreaterThan(0)

  expect(await map()).toEqual(before)
})

test('knows services by their nodes, and addresses that nobody registered', async () => {
  const { services } = await map()

  expect(services.map(({ id, known, nodes }) => [id, known, nodes.up])).toEqual([
    ['cart', true, 2],
    [BANK, false, 0],
    ['payments', true, 1],
    ['storefront', true, 1],
  ])
  expect(services.find(({ id }) => id === 'cart')?.errorShare).toBeCloseTo(2 / 101, 3)
})

test('says what the breakers on an edge are in', async () => {
  const breakers = async () => (await edgesOf()).get('cart payments')?.breakers
  const open = await breakers()
  await t.db.owner.query("UPDATE node SET state = 'gone' WHERE node_uuid = $1", [cart.id])
  const unknown = await breakers()
  await t.announce(cart)

  expect([open, unknown, await breakers()].map((counts) => [counts?.open, counts?.unknown])).toEqual([
    [1, 0],
    [0, 1],
    [1, 0],
  ])
})

test('is that of an environment and of a time', async () => {
  expect(figures((await edgesOf('?environment=demo')).get(`cart ${BANK}`))).toEqual([2, 0, 0, 0, 0])
  expect(figures((await edgesOf('?from=-91m&to=-80m')).get(`cart ${BANK}`))).toEqual([2, 2, 0, 0, 1])
  expect((await map('?environment=none')).services).toEqual([])
  await t.get('/api/v1/map?from=now&to=-1h', 400)
})

test('an address that a node registers later becomes its service', async () => {
  await t.db.owner.query('UPDATE node SET address = $1 WHERE node_uuid = $2', [BANK, storefront.id])

  expect((await edgesOf()).has('cart storefront')).toBe(true)
})

function within(ms: number | null | undefined, wanted: number): boolean {
  return typeof ms === 'number' && Math.abs(ms - wanted) <= wanted / 5
}
