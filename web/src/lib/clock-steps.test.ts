import { expect, test } from 'vitest'
import { jumpedBefore, jumpedBeforeEnd } from './clock-steps'
import { aCall } from './session-view.test-kit'

const back = [{ node: 'cart-node', stepMs: -4_000, span: 'cart', n: 6 }]
const ahead = [{ node: 'cart-node', stepMs: 4_000, span: 'cart', n: 6 }]

test('lines from a jump on are told by the clock that had jumped', () => {
  expect([5, 6, 7].map((n) => jumpedBefore(back, 'cart', n))).toEqual([0, -4_000, -4_000])
  expect(jumpedBefore(back, 'other', 9)).toBe(0)
})

test('a call that ends before it began, or took longer than the jump, had the jump in it', () => {
  expect(jumpedBeforeEnd(back, aCall('c', 'cart', { n: 5 }), -3_990)).toBe(-4_000)
  expect(jumpedBeforeEnd(back, aCall('c', 'cart', { n: 3 }), 20)).toBe(0)
  expect(jumpedBeforeEnd(back, aCall('c', 'cart', { n: 7 }), 20)).toBe(-4_000)
  expect(jumpedBeforeEnd(ahead, aCall('c', 'cart', { n: 5 }), 4_010)).toBe(4_000)
  expect(jumpedBeforeEnd(ahead, aCall('c', 'cart', { n: 3 }), 10)).toBe(0)
})
