import { expect, test } from 'vitest'
import { nameLastChoice, nameTimeRange, readTimeRange, resolvePeriod } from './time-range'

const NOON = Date.UTC(2026, 0, 15, 12)
const FIXED = { from: '2026-01-15T11:00:00.000Z', to: '2026-01-15T12:00:00.000Z' }

test('searches the last hour where the link says nothing, or nothing that makes sense', () => {
  const hour = { kind: 'last', seconds: 3_600 }
  expect(readTimeRange(undefined, undefined)).toEqual(hour)
  expect(readTimeRange('yesterday', undefined)).toEqual(hour)
  expect(readTimeRange(FIXED.to, FIXED.from)).toEqual(hour)
  expect(readTimeRange('0m', undefined)).toEqual(hour)
})

test('reads a length of time and two instants', () => {
  expect(readTimeRange('15m', undefined)).toEqual({ kind: 'last', seconds: 900 })
  expect(readTimeRange(FIXED.from, FIXED.to)).toEqual({ kind: 'fixed', ...FIXED })
})

test('counts the last so long from now, and a little beyond for clocks that run ahead', () => {
  expect(resolvePeriod({ kind: 'last', seconds: 3_600 }, NOON)).toEqual({
    from: '2026-01-15T11:00:00.000Z',
    to: '2026-01-15T12:00:02.000Z',
  })
  expect(resolvePeriod({ kind: 'fixed', ...FIXED }, NOON)).toEqual(FIXED)
})

test.each([
  ['15m', 'Last 15 minutes'],
  ['1h', 'Last hour'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['90m', 'Last 90 minutes'],
])('calls %s "%s"', (choice, words) => {
  expect(nameLastChoice(choice)).toBe(words)
})

test('names a fixed range by its ends, the day once where it is one', () => {
  expect(nameTimeRange({ kind: 'fixed', ...FIXED })).toMatch(/^15 Jan \d\d:00:00 – \d\d:00:00$/)
})
