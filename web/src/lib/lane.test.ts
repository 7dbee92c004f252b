import { expect, test } from 'vitest'
import { clockTicks, laneSeconds, laneWords, placeLane } from './lane'
import { aSpan, NOON } from './registry-view.test-kit'

const HOUR = 3_600_000

test('places spans within the hour that is drawn, and cuts what is outside', () => {
  const lane = [aSpan(7_200, 1_800, 'closed'), aSpan(1_800, 0, 'open')]

  expect(placeLane(lane, NOON - HOUR, NOON)).toEqual([
    { state: 'closed', at: 0, width: 0.5 },
    { state: 'open', at: 0.5, width: 0.5 },
  ])
  expect(placeLane([aSpan(9_000, 7_200, 'open')], NOON - HOUR, NOON)).toEqual([])
})

test('draws two seconds of an open breaker wide enough to be seen, above what is closed', () => {
  const lane = [aSpan(2, 0, 'open'), aSpan(3_600, 2, 'closed')]

  const pieces = placeLane(lane, NOON - HOUR, NOON)

  expect(pieces.map(({ state }) => state)).toEqual(['closed', 'open'])
  expect(pieces[1]?.width).toBeGreaterThan(0.005)
  expect((pieces[1]?.at ?? 0) + (pieces[1]?.width ?? 0)).toBeCloseTo(1)
})

test('draws no more time than there is something to tell of', () => {
  expect(laneSeconds([[aSpan(200, 0, 'open')], [aSpan(400, 0, 'closed')]], NOON)).toBe(900)
  expect(laneSeconds([[aSpan(200, 0, 'open')]], NOON)).toBe(300)
  expect(laneSeconds([[aSpan(3_600, 0, 'closed')]], NOON)).toBe(3_600)
})

test('says how long a breaker was how', () => {
  const lane = [aSpan(3_600, 182, 'closed'), aSpan(182, 0, 'open')]

  expect(laneWords(lane, NOON - HOUR, NOON)).toBe('open for 3 min 2 s, closed for 56 min 58 s')
  expect(laneWords([], NOON - HOUR, NOON)).toBe('not known')
})

test('sets ticks at round minutes', () => {
  const ticks = clockTicks(NOON - HOUR + 60_000, NOON + 60_000, 4)

  expect(ticks.map((ms) => (ms - NOON) / 60_000)).toEqual([-45, -30, -15, 0])
})
