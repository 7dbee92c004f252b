import type { StoredBreaker, StoredNodeChange, StoredTurn } from '@groundtrack/db'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layLane } from './lane.js'
import { listSilences } from './silences.js'

const NOON = Date.parse('2026-01-15T12:00:00Z') * 1_000
const MINUTE = 60_000_000
const at = (minutes: number) => NOON + minutes * MINUTE
const [CLOSED, OPEN] = [0, 1]

const breaker = (fields: Partial<StoredBreaker> = {}) =>
  ({
    id: '0'.repeat(32),
    state: CLOSED,
    isHeard: true,
    firstSeenMicros: at(-600),
    heardMicros: at(0),
    turnedMicros: null,
    ...fields,
  }) as StoredBreaker
const turn = (minutes: number, fromState: number, toState: number) => ({ timeMicros: at(minutes), fromState, toState }) as StoredTurn
const change = (minutes: number, was: 'up' | 'stale' | null, state: 'up' | 'stale' | 'gone') =>
  ({ micros: at(minutes), was, state }) as StoredNodeChange

/** The lane of the last hour, in minutes before noon. */
function lane(own: StoredBreaker, turns: StoredTurn[] = [], changes: StoredNodeChange[] = []) {
  const silences = listSilences(changes, [], at(0))
  return layLane({ breaker: own, turns, silences, from: at(-60), to: at(0) }).map(({ from, to, state }) => [
    state,
    (Date.parse(from) * 1_000 - NOON) / MINUTE,
    (Date.parse(to) * 1_000 - NOON) / MINUTE,
  ])
}

test('it is closed until it turns', () => {
  expect(lane(breaker())).toEqual([['closed', -60, 0]])
  expect(lane(breaker({ state: OPEN }), [turn(-20, CLOSED, OPEN)])).toEqual([
    ['closed', -60, -20],
    ['open', -20, 0],
  ])
})

test('it begins where the breaker was first seen', () => {
  expect(lane(breaker({ firstSeenMicros: at(-10) }))).toEqual([['closed', -10, 0]])
})

test('while its reporter was stale nobody knew, and what it said then is still true after', () => {
  expect(
    lane(breaker(), [turn(-30, CLOSED, OPEN), turn(-15, OPEN, CLOSED)], [change(-20, 'up', 'stale'), change(-10, 'stale', 'up')]),
  ).toEqual([
    ['closed', -60, -30],
    ['open', -30, -20],
    ['unknown', -20, -10],
    ['closed', -10, 0],
  ])
})

test('since its reporter was last heard of, nobody knows', () => {
  expect(lane(breaker({ isHeard: false, heardMicros: at(-5) }))).toEqual([
    ['closed', -60, -5],
    ['unknown', -5, 0],
  ])
  expect(lane(breaker({ isHeard: false, heardMicros: at(-5) }), [], [change(-4, 'up', 'stale'), change(-3, 'stale', 'gone')])).toEqual([
    ['closed', -60, -4],
    ['unknown', -4, 0],
  ])
  expect(lane(breaker(), [], [change(-40, 'stale', 'up')])).toEqual([
    ['unknown', -60, -40],
    ['closed', -40, 0],
  ])
})

test('spans follow one another without a hole, each other than the one before, and never green in a silence', () => {
  const minutes = fc.uniqueArray(fc.integer({ min: -59, max: -1 }), { maxLength: 8 }).map((own) => own.toSorted((a, b) => a - b))
  fc.assert(
    fc.property(minutes, minutes, fc.boolean(), (turned, changed, isHeard) => {
      const turns = turned.map((minute, i) => turn(minute, i % 2, (i + 1) % 2))
      const changes = changed.map((minute, i) => (i % 2 === 0 ? change(minute, 'up', 'stale') : change(minute, 'stale', 'up')))
      const spans = lane(breaker({ isHeard, state: turned.length % 2 }), turns, changes)
      expect([spans[0]?.[1], spans.at(-1)?.[2] ?? 0]).toEqual([-60, 0])
      for (const [i, [state, from]] of spans.slice(1).entries()) expect([from, state === spans[i]?.[0]]).toEqual([spans[i]?.[2], false])
      for (const [i, minute] of changed.entries()) {
        if (i % 2 === 1) continue
        expect(spans.find(([, from, to]) => Number(from) <= minute && Number(to) > minute)?.[0]).toBe('unknown')
      }
    }),
  )
})
