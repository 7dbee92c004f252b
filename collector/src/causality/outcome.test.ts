import { describe, expect, test } from 'vitest'
import { deepestFailed, hopState, sessionOutcome, type HopFate } from './outcome.js'

const aHop = (hop: Partial<HopFate> = {}): HopFate => ({ parent: -1, isWork: true, closed: 'ok', presence: 'present', ...hop })

test.each([
  [{ closed: 'ok' }, 'ok'],
  [{ closed: 'error', presence: 'gone' }, 'failed'],
  [{ closed: null, presence: 'present' }, 'running'],
  [{ closed: null, presence: 'gone' }, 'died'],
  [{ closed: null, presence: 'unknown' }, 'unknown'],
  [{ closed: null, presence: 'present', isWork: false }, 'unknown'],
] as const)('a hop with %j is %s', (hop, state) => {
  expect(hopState(aHop(hop))).toBe(state)
})

describe('a session', () => {
  test.each([
    ['failed when its root failed, whatever still runs', [aHop({ closed: 'error' }), aHop({ parent: 0, closed: null })], 'failed'],
    ['running while any work is open on a node that is present', [aHop(), aHop({ parent: 0, closed: null })], 'running'],
    ['died when work is open on a node that is gone', [aHop(), aHop({ parent: 0, closed: null, presence: 'gone' })], 'died'],
    ['running before died', [aHop({ closed: null }), aHop({ parent: 0, closed: null, presence: 'gone' })], 'running'],
    ['ok when its root closed, though an inner hop failed', [aHop(), aHop({ parent: 0, closed: 'error' })], 'ok'],
    ['ok when its root closed and of the rest nobody knows', [aHop(), aHop({ parent: 0, closed: null, presence: 'unknown' })], 'ok'],
    ['unknown when its root is open on a node that never announced itself', [aHop({ closed: null, presence: 'unknown' })], 'unknown'],
  ] as const)('is %s', (_, hops, outcome) => {
    expect(sessionOutcome(hops, 0)).toBe(outcome)
  })

  test('is unknown without a root that was seen, though another hop failed', () => {
    expect(sessionOutcome([aHop({ closed: 'error' })], -1)).toBe('unknown')
  })
})

describe('the error of a session', () => {
  test('is that of the deepest failed hop without a failed child', () => {
    const hops = [
      aHop({ closed: 'error' }),
      aHop({ parent: 0, closed: 'error' }),
      aHop({ parent: 1, closed: 'error' }),
      aHop({ parent: 2 }),
      aHop({ parent: 0, closed: 'error' }),
    ]
    expect(deepestFailed(hops)).toBe(2)
  })

  test('is none where nothing failed, and found in a cycle of parents too', () => {
    expect(deepestFailed([aHop(), aHop({ parent: 0 })])).toBe(-1)
    expect(deepestFailed([aHop({ parent: 1 }), aHop({ parent: 0 }), aHop({ parent: 1, closed: 'error' })])).toBe(2)
  })
})
