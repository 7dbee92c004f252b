import type { PairSkew } from '@groundtrack/collector/api'
import { expect, test } from 'vitest'
import { placeSkew, skewReach, skewWords } from './skew-scale'

test('draws clocks on one scale, with this one in the middle', () => {
  const ahead = aSkew(5_000, 2)
  const reach = skewReach([ahead, aSkew(-40, 10)])

  expect(reach).toBe(10_000)
  expect(placeSkew(ahead, reach).at).toBeCloseTo(0.75)
  expect(placeSkew(aSkew(0, 1_000), reach)).toEqual({ at: 0.5, from: 0.45, to: 0.55, isOpen: false })
})

test('draws what is bounded on one side only to the edge', () => {
  expect(placeSkew(aSkew(-100, null), 1_000)).toEqual({ at: 0.45, from: 0, to: 1, isOpen: true })
})

test('says that a clock is in step only where zero lies within the bounds', () => {
  expect(skewWords(aSkew(0.3, 1.4))).toBe('in step as far as can be told, ± 1.4 ms')
  expect(skewWords(aSkew(5_000, 12))).toBe('5 s ahead, ± 12 ms')
  expect(skewWords(aSkew(-1_800, 900))).toBe('1.8 s behind, ± 900 ms')
  expect(skewWords(aSkew(-1_800, null))).toBe('about 1.8 s behind, bounded on one side only')
})

function aSkew(offset: number, error: number | null): PairSkew {
  return { other: { id: 'cart-1-id', service: 'cart' }, offset, error, sessions: 12, stepped: false }
}
