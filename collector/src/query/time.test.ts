import { expect, test } from 'vitest'
import { formatMicros, parseTime } from './time.js'

const NOW_MS = Date.parse('2026-01-15T12:00:00Z')

test.each([
  ['now', '2026-01-15T12:00:00.000Z'],
  ['-1h', '2026-01-15T11:00:00.000Z'],
  ['-1.5m', '2026-01-15T11:58:30.000Z'],
  ['+2d', '2026-01-17T12:00:00.000Z'],
  ['1768478400123', '2026-01-15T12:00:00.123Z'],
  ['2026-01-15', '2026-01-15T00:00:00.000Z'],
  ['2026-01-15T12:30', '2026-01-15T12:30:00.000Z'],
  ['2026-01-15T12:30:00.123456Z', '2026-01-15T12:30:00.123Z'],
  ['2026-01-15T12:30:00+02:00', '2026-01-15T10:30:00.000Z'],
])('reads %s', (text, iso) => {
  expect(parseTime(text, NOW_MS)?.toISOString()).toBe(iso)
})

test.each([
  '',
  'soon',
  '-1y',
  '1h',
  '2026-13-45',
  '2026-01-15T25:00:00Z',
  '99999999999999999',
  'Jan 1 2026',
  '-99999999w',
  "'; DROP TABLE event",
])('refuses %j', (text) => {
  expect(parseTime(text, NOW_MS)).toBeNull()
})

test('writes microseconds, before the epoch too', () => {
  expect(formatMicros(1_768_478_400_123_456)).toBe('2026-01-15T12:00:00.123456Z')
  expect(formatMicros(-1)).toBe('1969-12-31T23:59:59.999999Z')
})
