import { expect, test } from 'vitest'
import { countOf, formatDuration, formatOffset } from './format'

test.each([
  [0, '0 ms'],
  [0.04, '0.04 ms'],
  [0.42, '0.4 ms'],
  [4.25, '4.3 ms'],
  [99.6, '100 ms'],
  [812.4, '812 ms'],
  [999.6, '1 s'],
  [4_230, '4.23 s'],
  [12_340, '12.3 s'],
  [59_990, '1 min'],
  [192_000, '3 min 12 s'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [90_000_000, '1 d 1 h'],
])('says %d ms as "%s"', (ms, words) => {
  expect(formatDuration(ms)).toBe(words)
})

test('gives a distance its sign', () => {
  expect(formatOffset(12)).toBe('+12 ms')
  expect(formatOffset(-3)).toBe('−3 ms')
})

test('counts one and many', () => {
  expect(countOf(1, 'line')).toBe('1 line')
  expect(countOf(1_204, 'line')).toBe('1,204 lines')
  expect(countOf(2, 'match', 'matches')).toBe('2 matches')
})
