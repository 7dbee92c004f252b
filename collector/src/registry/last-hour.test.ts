import type { StoredNodeChange } from '@groundtrack/db'
import { expect, test } from 'vitest'
import { drawLastHour, type HourOfNode } from './last-hour.js'

const NOON = Date.parse('2026-01-15T12:00:00Z') * 1_000
const MINUTE = 60_000_000
const before = (minutes: number) => NOON - minutes * MINUTE

function draw(node: Partial<HourOfNode>, gaps: { fromMicros: number; toMicros: number }[] = []): string {
  const usual: HourOfNode = { state: 'up', firstSeenMicros: 0, changes: [], unknownSinceMicros: Infinity }
  return drawLastHour({ ...usual, ...node }, gaps, NOON)
}

function changed(minutes: number, change: StoredNodeChange['change'], was: StoredNodeChange['was'], state: StoredNodeChange['state']) {
  return { nodeId: 1, micros: before(minutes), change, was, state, other: null }
}

test('nothing happened: one state all along', () => {
  expect(draw({})).toBe('u'.repeat(60))
  expect(draw({ state: 'gone' })).toBe('g'.repeat(60))
})

test('before it was first seen nothing is known', () => {
  expect(draw({ firstSeenMicros: before(10), changes: [changed(10, 'up', null, 'up')] })).toBe('.'.repeat(50) + 'u'.repeat(10))
})

test('the worst of a minute wins', () => {
  const changes = [changed(9.5, 'stale', 'up', 'stale'), changed(9.4, 'flap', 'stale', 'up')]
  expect(draw({ changes })).toBe(`${'u'.repeat(50)}s${'u'.repeat(9)}`)
})

test('after a leave it is restarting for a minute, or until it is back', () => {
  expect(draw({ state: 'gone', changes: [changed(3, 'left', 'up', 'gone')] })).toBe(`${'u'.repeat(57)}rgg`)
  expect(draw({ changes: [changed(3, 'left', 'up', 'gone'), changed(2.5, 'up', 'gone', 'up')] })).toBe(`${'u'.repeat(57)}ruu`)
})

test('what nobody could hear is not known, and a minute that was heard in part is', () => {
  const gaps = [{ fromMicros: before(20.5), toMicros: before(10) }]
  expect(draw({}, gaps)).toBe(`${'u'.repeat(40)}${'.'.repeat(10)}${'u'.repeat(10)}`)
  expect(draw({ unknownSinceMicros: before(5) })).toBe(`${'u'.repeat(55)}${'.'.repeat(5)}`)
})
