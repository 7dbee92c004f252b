import { expect, test } from 'vitest'
import { aBoardNode, aBreaker, aMap, anEdge, aSpan, before, NOON } from './registry-view.test-kit'
import { breakerThen, isNow, withStatesThen } from './states-then'

const TEN_MINUTES_AGO = { fromMs: NOON - 660_000, toMs: NOON - 600_000 }

test('shows a breaker as it was then, not as it is now', () => {
  const wasOpen = aBreaker('checkout-1', 'payments-2', 'closed', {
    lane: [aSpan(3_600, 630, 'closed'), aSpan(630, 500, 'open'), aSpan(500, 0, 'closed')],
  })
  const map = aMap(anEdge('checkout', 'payments', { breakers: { closed: 1, open: 0, half_open: 0, unknown: 0 } }))

  const then = withStatesThen(map, TEN_MINUTES_AGO, NOON, [], [wasOpen])

  expect(then.edges[0]?.breakers).toEqual({ closed: 0, open: 1, half_open: 0, unknown: 0 })
})

test('a breaker that never turned was closed, unless it came later', () => {
  expect(breakerThen(aBreaker('cart-1', 'inventory-1', 'closed', { since: before(3_000) }), TEN_MINUTES_AGO)).toBe('closed')
  expect(breakerThen(aBreaker('cart-1', 'inventory-1', 'closed', { since: before(60) }), TEN_MINUTES_AGO)).toBeUndefined()
})

test('leaves out calls that are there only for a breaker of today', () => {
  const map = aMap(anEdge('checkout', 'payments', { calls: 0, breakers: { closed: 1, open: 0, half_open: 0, unknown: 0 } }))

  expect(withStatesThen(map, TEN_MINUTES_AGO, NOON, [], []).edges).toEqual([])
})

test('counts nodes as they were then', () => {
  const lastHour = `${'u'.repeat(49)}g${'u'.repeat(10)}`
  const nodes = [aBoardNode('cart-1', { lastHour }), aBoardNode('cart-2'), aBoardNode('cart-3', { firstSeen: before(60) })]

  const then = withStatesThen(aMap(anEdge('storefront', 'cart')), TEN_MINUTES_AGO, NOON, nodes, [])

  expect(then.services.find(({ id }) => id === 'cart')?.nodes).toEqual({ up: 1, stale: 0, gone: 1, restarting: 0, unknown: 0 })
})

test('tells no states of long ago, for which those of now would be wrong', () => {
  const yesterday = { fromMs: NOON - 90_060_000, toMs: NOON - 90_000_000 }
  const map = aMap(anEdge('checkout', 'payments', { breakers: { closed: 1, open: 0, half_open: 0, unknown: 0 } }))

  const then = withStatesThen(map, yesterday, NOON, [aBoardNode('checkout-1')], [aBreaker('checkout-1', 'payments-1', 'open')])

  expect(then.edges[0]?.breakers).toEqual({ closed: 0, open: 0, half_open: 0, unknown: 0 })
  expect(then.services.every(({ nodes }) => nodes.up === 0)).toBe(true)
  expect([isNow(yesterday, NOON), isNow({ fromMs: NOON - 60_000, toMs: NOON }, NOON)]).toEqual([false, true])
})
