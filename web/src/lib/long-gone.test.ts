import { expect, test } from 'vitest'
import { breakersInSight, nodesInSight } from './long-gone'
import { aBoardNode, aBreaker, before } from './registry-view.test-kit'

const NOW = before(0)

test('keeps what is gone in sight for five minutes beside what runs', () => {
  const nodes = [
    aBoardNode('cart-1'),
    aBoardNode('cart-2', { state: 'gone', since: before(299) }),
    aBoardNode('cart-3', { state: 'gone', since: before(301) }),
    aBoardNode('cart-4', { state: 'stale', since: before(900) }),
  ]

  expect(nodesInSight(nodes, NOW).map(({ name }) => name)).toEqual(['cart-1', 'cart-2', 'cart-4'])
})

test('a service that is gone as a whole stays in sight, with those that went last', () => {
  const nodes = [
    aBoardNode('cart-1', { state: 'gone', since: before(3_000) }),
    aBoardNode('cart-2', { state: 'gone', since: before(3_100) }),
    aBoardNode('cart-3', { state: 'gone', since: before(3_500) }),
    aBoardNode('mailer-1'),
  ]

  expect(nodesInSight(nodes, NOW).map(({ name }) => name)).toEqual(['cart-1', 'cart-2', 'mailer-1'])
})

test('leaves out breakers of callers that were replaced, and no others', () => {
  const breakers = [
    aBreaker('checkout-1', 'payments-1', 'unknown', { since: before(900) }),
    aBreaker('checkout-2', 'payments-1', 'open', { since: before(900) }),
    aBreaker('cart-1', 'inventory-1', 'unknown', { since: before(900) }),
  ]

  expect(breakersInSight(breakers, NOW).map(({ id }) => id)).toEqual(['checkout-2>payments-1', 'cart-1>inventory-1'])
})
