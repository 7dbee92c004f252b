import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NodeSkewPage } from '../src/api.js'
import { aNode, aSession, aSpan, openTestApp, NOW_MS, TestHop, type TestApp, type TestNode } from './query.test-kit.js'

let t: TestApp
beforeAll(async () => {
  t = await openTestApp()
})
afterAll(async () => {
  await t.close()
})

/** One session in which `caller` calls `callee`, whose clock is ahead; there and back take these milliseconds. */
async function call(caller: TestNode, callee: TestNode, aheadMs: number, thereMs: number, backMs: number): Promise<void> {
  const root = new TestHop(aSession(), [], t.clock.nowMs)
  const id = aSpan()
  const lines = [root.open('POST /buy'), root.line({ kind: 'call', call: id })]
  const hop = new TestHop(root.session, [2], root.ms + aheadMs + thereMs - 1)
  await t.send(callee, [hop.open('POST /checkout', { parent: id, call: id }), hop.close()])
  root.ms = hop.ms - aheadMs + backMs - 1
  await t.send(caller, [...lines, root.line({ kind: 'return', call: id, status: 'ok', callee: { span: hop.span, last: 2 } }), root.close()])
}

const ask = (node: TestNode, query = '') => t.get<NodeSkewPage>(`/api/v1/nodes/${node.id}/skew${query}`)

test('the clocks of the peers of a node are measured from all sessions of the last ten minutes', async () => {
  const [storefront, checkout, mailer] = [aNode('storefront'), aNode('checkout'), aNode('mailer')]
  await call(storefront, checkout, 5_000, 90, 2)
  await call(storefront, checkout, 5_000, 4, 80)
  await call(checkout, mailer, -8_000, 5, 5)
  const page = await ask(checkout)
  expect(page).toMatchObject({ from: '2026-01-15T11:50:00.000Z', to: '2026-01-15T12:00:00.000Z', sessions: 3 })
  expect(page.pairs.map(({ other, sessions, stepped }) => [other, sessions, stepped])).toEqual([
    [{ id: mailer.id, service: 'mailer' }, 1, false],
    [{ id: storefront.id, service: 'storefront' }, 2, false],
  ])
  // The mailer is 8 s behind, to within its round trip; the storefront 5 s, to within the quickest way there and the quickest back.
  expect(page.pairs[0]).toMatchObject({ offset: -8_000, error: 5 })
  expect(page.pairs[1]).toMatchObject({ offset: -5_001, error: 3 })
  expect((await ask(storefront)).pairs).toMatchObject([{ other: { id: checkout.id }, offset: 5_001, error: 3 }])
})

test('a clock that was set in between is measured as it is now, and said to have stepped', async () => {
  const [storefront, cart] = [aNode('storefront'), aNode('cart')]
  await call(storefront, cart, 2_000, 5, 5)
  t.clock.nowMs += 60_000
  await call(storefront, cart, 9_000, 5, 5)
  const page = await ask(storefront)
  t.clock.nowMs = NOW_MS
  expect(page.sessions).toBe(2)
  expect(page.pairs).toEqual([{ other: { id: cart.id, service: 'cart' }, offset: 9_000, error: 5, sessions: 1, stepped: true }])
})

test('only what arrived in the window counts, and of many sessions the newest fifty', async () => {
  const [storefront, cart] = [aNode('storefront'), aNode('cart')]
  for (let i = 0; i < 51; i++) await call(storefront, cart, 1_000, 5, 5)
  expect(await ask(cart)).toMatchObject({ sessions: 50, pairs: [{ offset: -1_000, error: 5, sessions: 50 }] })
  expect(await ask(cart, '?from=-2h&to=-1h')).toMatchObject({ sessions: 0, pairs: [] })
})

test.each([
  ['/api/v1/nodes/nonsense/skew', 400],
  ['/api/v1/nodes/00000000-0000-4000-8000-000000000000/skew', 404],
  ['/api/v1/nodes/00000000-0000-4000-8000-000000000000/skew?from=nonsense', 400],
  ['/api/v1/nodes/00000000-0000-4000-8000-000000000000/skew?from=-1h&to=-2h', 400],
])('%s is %i', async (url, status) => {
  await t.get(url, status)
})
