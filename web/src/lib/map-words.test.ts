import { expect, test } from 'vitest'
import { describeEdge, edgeWidth, faultWords, sortEdges, toneOf, worstBreaker } from './map-words'
import { anEdge } from './registry-view.test-kit'

test('says what is to be told of calls', () => {
  const breakers = { closed: 1, open: 1, half_open: 0, unknown: 0 }
  const failing = anEdge('checkout', 'payments', { errorShare: 0.061, errors: 20, timeouts: 1, cuts: 14, p95Ms: 812, breakers })

  expect(describeEdge(failing)).toBe('checkout to payments: 10 calls a second, 6.1 % failed, p95 812 ms, 1 breaker open')
  expect(faultWords(failing)).toBe('20 errors, 1 timeout, 14 calls not sent for an open breaker')
  expect(describeEdge(anEdge('cart', 'mailer', { calls: 0 }))).toBe('cart to mailer: no calls')
})

test('an open breaker tells more of a line than its failed calls', () => {
  const open = { closed: 5, open: 1, half_open: 0, unknown: 0 }

  expect(worstBreaker(anEdge('a', 'b', { breakers: open }))).toBe('open')
  expect(worstBreaker(anEdge('a', 'b', { breakers: { closed: 1, open: 0, half_open: 0, unknown: 9 } }))).toBe('closed')
  expect(worstBreaker(anEdge('a', 'b', { breakers: { closed: 0, open: 0, half_open: 0, unknown: 9 } }))).toBe('unknown')
  expect(toneOf(anEdge('a', 'b', { errorShare: 0.5, breakers: open }))).toBe('cut')
  expect(toneOf(anEdge('a', 'b', { errorShare: 0.5 }))).toBe('faulty')
  expect([toneOf(anEdge('a', 'b')), toneOf(anEdge('a', 'b', { calls: 0 })), toneOf(undefined)]).toEqual(['ok', 'none', 'none'])
})

test('keeps calls in the order of names, and draws busier ones wider', () => {
  const edges = [anEdge('storefront', 'cart', { calls: 9_000 }), anEdge('cart', 'inventory'), anEdge('cart', 'checkout')]

  expect(sortEdges(edges).map(({ from, to }) => `${from} ${to}`)).toEqual(['cart checkout', 'cart inventory', 'storefront cart'])
  expect(edgeWidth(100)).toBeGreaterThan(edgeWidth(1))
  expect(edgeWidth(1e9)).toBe(6)
})
