import { afterEach, beforeEach, expect, test } from 'vitest'
import { Callee } from './callee.js'
import { startRig, type Rig } from './rig.js'

let rig: Rig
let cart: Callee
let canary: Callee
beforeEach(async () => {
  ;[cart, canary] = [await new Callee().start(), await new Callee().start()]
  rig = await startRig({ nodes: [cart.as('cart'), canary.as('cart-canary', '2.0')] })
})
afterEach(async () => {
  await rig.stop()
  await Promise.all([cart.stop(), canary.stop()])
})

const LOOPBACK = { peer: '127.0.0.1' }

test('a session’s calls go where it is routed to, and say so; others go where they were meant to', async () => {
  const session = rig.gt.session()
  session.route('cart', '1.0', 'cart-canary', '2.0')
  const at = (node: { address: string }): string => node.address

  expect(await session.call('cart', '1.0', at, { name: 'GET /cart' })).toBe(canary.address)
  expect(await session.call('cart', '1.0', at)).toBe(canary.address)
  expect(await session.call('cart-canary', '2.0', at)).toBe(canary.address)
  expect(await rig.gt.session().call('cart', '1.0', at)).toBe(cart.address)

  await rig.gt.flush()
  const [, set, call, , unnamed] = rig.server.stored.filter(({ span }) => span === session.span)
  expect(set).toMatchObject({ kind: 'set', key: 'gt-routes', value: { 'cart@1.0': 'cart-canary@2.0' } })
  expect(call).toMatchObject({
    name: 'GET /cart (routed from cart 1.0)',
    target: { service: 'cart-canary', version: '2.0', address: canary.address, routedFrom: { service: 'cart', version: '1.0' } },
  })
  expect(unnamed).toMatchObject({ name: 'cart-canary 2.0 (routed from cart 1.0)' })
})

test('routes travel to peers of ours, and on from there; a stranger can’t set any', async () => {
  const session = rig.gt.session()
  session.route('cart', '1.0', 'cart-canary', '2.0')
  const headers = session.inject({ to: 'http://10.0.0.1' })
  const [trusting, wary] = [rig.gt.join(headers, LOOPBACK), rig.gt.join(headers, { peer: '203.0.113.9' })]

  expect(headers['baggage']).toContain('gt-routes=')
  expect(session.inject({ to: 'https://api.example.com' })).not.toHaveProperty('baggage')
  expect(await trusting.call('cart', '1.0', ({ service }) => service)).toBe('cart-canary')
  expect(await wary.call('cart', '1.0', ({ service }) => service)).toBe('cart')
  const further = rig.gt.join(trusting.inject({ to: 'http://localhost' }), LOOPBACK)
  expect(await further.call('cart', '1.0', ({ service }) => service)).toBe('cart-canary')
  await rig.gt.flush()
  const open = rig.server.stored.find(({ span, kind }) => span === trusting.span && kind === 'open')
  expect(open).toMatchObject({ properties: { 'gt-routes': { 'cart@1.0': 'cart-canary@2.0' } } })
})

test.each([
  'x',
  '%5B',
  '[1]',
  '[["cart","1.0"]]',
  '[["cart","1.0","canary",2]]',
  '{}',
  JSON.stringify([['cart', '1.0', 'x'.repeat(300), '1']]),
])('routes that are none are not followed: %s', async (text) => {
  const headers = {
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    baggage: `gt-routes=${encodeURIComponent(text)}`,
  }

  expect(await rig.gt.join(headers, LOOPBACK).call('cart', '1.0', ({ service }) => service)).toBe('cart')
})

test('a session has 16 routes at most; a new one for the same replaces the old one', async () => {
  const session = rig.gt.session()
  for (let i = 0; i < 20; i++) session.route(`service-${i}`, '1.0', 'cart', '1.0')
  session.route('service-3', '1.0', 'cart-canary', '2.0')

  expect(await session.call('service-3', '1.0', ({ service }) => service)).toBe('cart-canary')
  expect(await session.call('service-15', '1.0', ({ service }) => service)).toBe('cart')
  await expect(session.call('service-16', '1.0', ({ service }) => service, { timeoutMs: 10 })).rejects.toMatchObject({ code: 'no_node' })
})
