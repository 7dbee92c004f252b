import type { DeliverySum } from '@groundtrack/collector/api'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isBalanced, sharesOf } from './deliveries'

const sum = (over: Partial<DeliverySum>): DeliverySum => ({
  logged: 0,
  stored: 0,
  rejected: 0,
  dropped: 0,
  held: 0,
  unexplained: 0,
  ...over,
})

test('shares fill the bar, and three of a million are seen', () => {
  const shares = sharesOf(sum({ logged: 1_000_000, stored: 999_997, dropped: 3 }))
  expect(shares.map((each) => each.part)).toEqual(['stored', 'dropped'])
  expect(shares[1]?.share).toBeGreaterThan(0.01)
  fc.assert(
    fc.property(fc.record({ stored: fc.nat(), rejected: fc.nat(), dropped: fc.nat(), held: fc.nat(), unexplained: fc.nat() }), (parts) => {
      const all = sharesOf(sum(parts)).reduce((total, each) => total + each.share, 0)
      expect(all === 0 || Math.abs(all - 1) < 1e-9).toBe(true)
    }),
  )
})

test('balances only where every event is accounted for', () => {
  expect(isBalanced(sum({ logged: 10, stored: 7, rejected: 1, dropped: 1, held: 1 }))).toBe(true)
  expect(isBalanced(sum({ logged: 10, stored: 9, unexplained: 1 }))).toBe(false)
  expect(isBalanced(sum({ logged: 10, stored: 9 }))).toBe(false)
})
