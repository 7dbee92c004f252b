import { expect, test } from 'vitest'
import { durationScale } from './duration-scale'

test('ends where 95 of 100 durations do', () => {
  const scale = durationScale([...Array.from({ length: 99 }, (_, index) => index + 1), 60_000])
  expect(scale(95)).toBe(1)
  expect(scale(47.5)).toBe(0.5)
  expect(scale(60_000)).toBeGreaterThan(1)
})

test('draws something for the shortest, and for none at all', () => {
  expect(durationScale([0, 0])(0)).toBeGreaterThan(0)
  expect(durationScale([])(5)).toBeGreaterThan(0)
})
