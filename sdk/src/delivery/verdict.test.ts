import { expect, test } from 'vitest'
import { backoffMs } from './backoff.js'
import { retryAfterMs } from './verdict.js'

const NOW = Date.parse('2026-01-15T12:00:00Z')

test.each([
  ['5', 5_000],
  [' 7 ', 7_000],
  ['0', 1_000],
  ['86400', 300_000],
  ['999999999', 300_000],
  ['Thu, 15 Jan 2026 12:00:30 GMT', 30_000],
  ['Thu, 15 Jan 2026 11:00:00 GMT', 1_000],
  ['-5', 1_000],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %s is %s ms', (header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected)
})

test('the backoff is anything from 0 to twice the last, at most 30 s', () => {
  expect([0, 1, 2, 5, 6, 7, 1_000].map((attempt) => backoffMs(attempt, 1))).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000])
  expect(backoffMs(3, 0)).toBe(0)
  expect(backoffMs(3, 0.25)).toBe(1_000)
})
