import { expect, test } from 'vitest'
import { epochMs, formatMicro, isoOf } from './instant'

test('keeps the microseconds that Date.parse would cut', () => {
  expect(epochMs('2026-01-15T12:00:00.123456Z')).toBeCloseTo(Date.UTC(2026, 0, 15, 12, 0, 0, 123) + 0.456, 3)
  expect(epochMs('2026-01-15T12:00:00.1234Z')).toBeCloseTo(Date.UTC(2026, 0, 15, 12, 0, 0, 123) + 0.4, 3)
  expect(epochMs('2026-01-15T12:00:00Z')).toBe(Date.UTC(2026, 0, 15, 12))
})

test('writes whole milliseconds as ISO', () => {
  expect(isoOf(Date.UTC(2026, 0, 15, 12))).toBe('2026-01-15T12:00:00.000Z')
})

test('shows microseconds only where there are some', () => {
  expect(formatMicro('2026-01-15T12:00:00.774201Z')).toMatch(/:00\.774 201$/)
  expect(formatMicro('2026-01-15T12:00:00.774000Z')).toMatch(/:00\.774$/)
})
