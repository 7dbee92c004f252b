import { expect, test } from 'vitest'
import { isLongGone, isLongUnheard } from './long-gone'
import { aBoardNode, aBreaker, before } from './registry-view.test-kit'

test('keeps what is gone in sight for five minutes, and what runs for ever', () => {
  const asOf = before(0)

  expect(isLongGone(aBoardNode('cart-1', { state: 'gone', since: before(299) }), asOf)).toBe(false)
  expect(isLongGone(aBoardNode('cart-1', { state: 'gone', since: before(301) }), asOf)).toBe(true)
  expect(isLongGone(aBoardNode('cart-1', { state: 'stale', since: before(900) }), asOf)).toBe(false)
  expect(isLongUnheard(aBreaker('cart-1', 'inventory-1', 'unknown', { since: before(301) }), asOf)).toBe(true)
  expect(isLongUnheard(aBreaker('cart-1', 'inventory-1', 'open', { since: before(301) }), asOf)).toBe(false)
})
