import { expect, test } from 'vitest'
import { momentAt, momentSeconds, sessionTimes, shownTime, sliderOf } from './map-time'
import { before, NOON } from './registry-view.test-kit'
import type { TimeRange } from './time-range'

const LAST_HOUR: TimeRange = { kind: 'last', seconds: 3_600 }
const MORNING: TimeRange = { kind: 'fixed', from: before(12 * 3_600), to: before(0) }
const PERIOD = { from: before(3_600), to: before(0) }

test('a moment is a sixtieth of the time, in whole minutes', () => {
  expect([momentSeconds(LAST_HOUR), momentSeconds(MORNING), momentSeconds({ kind: 'last', seconds: 600 })]).toEqual([60, 720, 60])
})

test('shows the whole, what is now, or one moment', () => {
  expect(shownTime(LAST_HOUR, undefined)).toEqual({ seconds: 3_600, toMs: undefined })
  expect(shownTime(LAST_HOUR, 'now')).toEqual({ seconds: 60, toMs: undefined })
  expect(shownTime(LAST_HOUR, before(600))).toEqual({ seconds: 60, toMs: NOON - 600_000 })
  expect(shownTime(MORNING, undefined)).toEqual({ seconds: 43_200, toMs: NOON })
})

test('the slider stands where the moment of the link ends, and its steps are moments', () => {
  expect(sliderOf(PERIOD, LAST_HOUR, before(600))).toEqual({ count: 60, value: 50 })
  expect(momentAt(PERIOD, LAST_HOUR, 50)).toBe(before(600))
  expect(sliderOf(PERIOD, LAST_HOUR, before(90_000))).toEqual({ count: 60, value: 1 })
  expect(sliderOf(PERIOD, LAST_HOUR, undefined)).toEqual({ count: 60, value: 60 })
})

test('searches the sessions of the time that is shown', () => {
  expect(sessionTimes(LAST_HOUR, undefined, '1h', undefined)).toEqual({ from: '1h' })
  expect(sessionTimes(LAST_HOUR, before(600), '1h', undefined)).toEqual({ from: before(660), to: before(600) })
})
