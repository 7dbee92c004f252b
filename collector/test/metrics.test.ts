import { afterAll, beforeAll, expect, test } from 'vitest'
import { LabelNames } from '../src/telemetry/labels.js'
import { renderBreakers } from '../src/telemetry/live-gauges.js'
import { aCall, aTurn } from './breakers.test-kit.js'
import { aNode, aSession, openTestApp, TestHop, type TestApp } from './query.test-kit.js'

let t: TestApp
beforeAll(async () => {
  t = await openTestApp()
})
afterAll(async () => {
  await t.close()
})

/** The samples of the metrics of this name. */
async function samplesOf(name: string): Promise<string[]> {
  const page = await t.app.inject({ url: '/metrics', headers: { host: '127.0.0.1:43300' } })
  return page.body.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
}

test('events are counted by service and level, once, under labels that nothing breaks out of', async () => {
  const hop = new TestHop(aSession())
  const odd = aNode('od"d\\\n{service}')
  await t.send(aNode('cart'), [hop.line({ level: 'error' }), hop.line(), hop.line()])
  await t.send(odd, [new TestHop(aSession()).line()])

  expect(await samplesOf('groundtrack_events_total')).toEqual([
    'groundtrack_events_total{service="cart",level="error"} 1',
    'groundtrack_events_total{service="cart",level="info"} 2',
    'groundtrack_events_total{service="od\\"d\\\\\\n{service}",level="info"} 1',
  ])
})

test('an open breaker of a reporter that is heard is 1, another one 0; of one that is not heard nothing is said', async () => {
  t.clock.nowMs += 2_000
  const hop = new TestHop(aSession())
  const [checkout, inventory, mailer] = [aNode('checkout'), aNode('inventory'), aNode('mailer')]
  for (const node of [checkout, inventory]) await t.announce(node)
  await t.send(checkout, [
    aTurn(hop, { service: 'payments' }, 'closed', 'open'),
    aCall(hop, { service: 'inventory', node: inventory.id }, { breaker: 'closed' }).line,
  ])
  await t.send(mailer, [aTurn(hop, { service: 'payments' }, 'closed', 'open'), aCall(hop, {}).answer('ok')])

  expect(await samplesOf('groundtrack_breaker_open')).toEqual([
    'groundtrack_breaker_open{caller="checkout",callee="payments"} 1',
    'groundtrack_breaker_open{caller="checkout",callee="inventory"} 0',
  ])
  expect(await samplesOf('groundtrack_nodes')).toContain('groundtrack_nodes{service="checkout",state="up"} 1')
  expect(await samplesOf('groundtrack_returns_unpaired_total')).toEqual(['groundtrack_returns_unpaired_total 1'])
})

test('names beyond the bound go together, open breakers last', () => {
  const names = new LabelNames(2)
  expect(['a', 'b', 'c', 'a', 'd'].map((name) => names.nameOf(name))).toEqual(['a', 'b', 'other', 'a', 'other'])

  const breakers = Array.from({ length: 600 }, (_, i) => ({
    caller: `c${i}`,
    target: 'payments',
    state: i === 599 ? 1 : 0,
    isHeard: true,
    breakers: 1,
  }))
  const page = renderBreakers(breakers)
  expect(page).toContain('{caller="c599",callee="payments"} 1')
  expect(page).toContain('{caller="other",callee="other"} 0')
  expect(page.trim().split('\n')).toHaveLength(2 + 501)
})
