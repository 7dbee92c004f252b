import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startClock } from './server-clock'
import { NOON } from './registry-view.test-kit'

beforeEach(() => void vi.useFakeTimers({ now: NOON }))
afterEach(() => void vi.useRealTimers())

test('carries the collector’s time on by this machine’s clock, however wrong that is', () => {
  const clock = startClock(Date.now)

  clock.set(NOON + 7_200_000, NOON)
  vi.advanceTimersByTime(12_300)

  expect(clock.nowMs()).toBe(NOON + 7_200_000 + 12_000)
})

test('ticks each second while somebody listens, with one timer for all', () => {
  const clock = startClock(Date.now)
  const [first, second] = [vi.fn<() => void>(), vi.fn<() => void>()]

  const [stopFirst, stopSecond] = [clock.subscribe(first), clock.subscribe(second)]
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(2_000)
  stopFirst()
  vi.advanceTimersByTime(1_000)
  stopSecond()

  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([2, 3])
  expect(vi.getTimerCount()).toBe(0)
})
