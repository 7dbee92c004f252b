import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countMissing, findMissing, type Absence, type HopNumbers, type MissingRun } from './completeness.js'
import { buildGraph } from './graph.js'
import { knownNumbers } from './known-numbers.js'
import { simulate, skews, works } from './simulation.test-kit.js'

const aHop = (hop: Partial<HopNumbers> = {}): HopNumbers => ({
  span: 'a',
  numbers: [],
  atLeast: 0,
  isNative: true,
  producer: 'settled',
  ...hop,
})
const spread = (runs: readonly MissingRun[]) =>
  runs.flatMap(({ from, to, state }) => Array.from({ length: to - from + 1 }, (_, i) => ({ number: from + i, state })))

describe('missing numbers of a hop', () => {
  test('none, where all are there', () => {
    expect(findMissing([aHop({ numbers: [1, 2, 3], atLeast: 3 })], [])).toEqual([])
  })

  test('before the first, between, and up to what others prove', () => {
    expect(findMissing([aHop({ numbers: [2, 5, 6], atLeast: 8 })], [])).toEqual([
      { span: 'a', from: 1, to: 1, state: 'unexplained' },
      { span: 'a', from: 3, to: 4, state: 'unexplained' },
      { span: 'a', from: 7, to: 8, state: 'unexplained' },
    ])
  })

  test.each([
    ['sending', 'expected'],
    ['gone', 'died'],
    ['settled', 'unexplained'],
  ] as const)('a producer that is %s leaves them %s', (producer, state) => {
    expect(findMissing([aHop({ numbers: [2], producer })], [])).toEqual([{ span: 'a', from: 1, to: 1, state }])
  })

  test('carry the reason of whoever dropped or rejected them, also past the end and for a hop of which nothing came', () => {
    const absences: Absence[] = [
      { span: 'a', from: 2, to: 3, state: 'dropped', reason: 'buffer_full' },
      { span: 'a', from: 6, to: 7, state: 'rejected', reason: 'event_too_large' },
      { span: 'b', from: 1, to: 2, state: 'dropped', reason: 'too_large' },
    ]
    expect(findMissing([aHop({ numbers: [1, 5] })], absences)).toEqual([
      { span: 'a', from: 2, to: 3, state: 'dropped', reason: 'buffer_full' },
      { span: 'a', from: 4, to: 4, state: 'unexplained' },
      { span: 'a', from: 6, to: 7, state: 'rejected', reason: 'event_too_large' },
      { span: 'b', from: 1, to: 2, state: 'dropped', reason: 'too_large' },
    ])
  })

  test('are unknowable of a hop whose numbers have holes of their own, and are not counted', () => {
    const missing = findMissing([aHop({ numbers: [1, 9], isNative: false, producer: 'gone' }), aHop({ span: 'b', isNative: false })], [])
    expect(missing).toEqual([{ span: 'a', from: 2, to: 8, state: 'unknowable' }])
    expect(countMissing(missing)).toBe(0)
  })

  test('cost nothing for a hop that claims two thousand million events', () => {
    const missing = findMissing([aHop({ numbers: [1], atLeast: 2 ** 31 - 1 })], [])
    expect(missing).toHaveLength(1)
    expect(countMissing(missing)).toBe(2 ** 31 - 2)
  })
})

test('each absent number is found once with its state, and no other, whatever overlaps', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 30 })).map((list) => list.toSorted((a, b) => a - b))
  const absence = fc.record({
    from: fc.integer({ min: 1, max: 35 }),
    length: fc.integer({ min: 0, max: 6 }),
    state: fc.constantFrom('dropped' as const, 'rejected' as const),
  })
  fc.assert(
    fc.property(numbers, fc.nat(40), fc.array(absence, { maxLength: 6 }), (present, atLeast, given) => {
      const absences = given.map(({ from, length, state }) => ({ span: 'a', from, to: from + length, state, reason: state }))
      const found = spread(findMissing([aHop({ numbers: present, atLeast })], absences))

      const last = Math.max(atLeast, ...present, ...absences.map(({ to }) => to), 0)
      const absent = Array.from({ length: last }, (_, i) => i + 1).filter((number) => !present.includes(number))
      expect(found.map(({ number }) => number)).toEqual(absent)
      const untrue = found.filter(({ number, state }) => {
        const claims: string[] = absences.filter(({ from, to }) => from <= number && number <= to).map((claim) => claim.state)
        return !(claims.length === 0 ? ['unexplained'] : claims).includes(state)
      })
      expect(untrue).toEqual([])
    }),
    { numRuns: 1_000 },
  )
})

test('what a simulated session lost is found exactly, as far as anything that arrived tells of it', () => {
  fc.assert(
    fc.property(works, skews, fc.array(fc.nat(200), { maxLength: 30 }), (work, skew, lost) => {
      const { events } = simulate(work, skew)
      const arrived = events.filter((_, i) => !lost.includes(i))
      const known = knownNumbers(buildGraph(arrived))
      const found = findMissing(
        known.map((hop) => ({ ...hop, isNative: true, producer: 'settled' as const })),
        [],
      )
      const foundKeys = found
        .flatMap(({ span, from, to }) => Array.from({ length: to - from + 1 }, (_, i) => `${span}:${from + i}`))
        .toSorted()

      const lostKeys = new Set(events.filter((_, i) => lost.includes(i)).map((event) => event.id))
      // Told of: a later number of the same hop, a return that names it, or (where its open was seen) a hop that it called.
      const told = new Map<string, number>()
      const tell = (span: string, number: number) => told.set(span, Math.max(told.get(span) ?? 0, number))
      for (const event of arrived) {
        tell(event.span ?? '', event.number ?? 0)
        if (event.callee) tell(event.callee.span, event.callee.last)
      }
      const surely = [...lostKeys].filter((id) => Number(id.split(':')[1]) <= (told.get(id.split(':')[0] ?? '') ?? 0))
      expect(foundKeys).toEqual(expect.arrayContaining(surely))
      for (const key of foundKeys) expect(lostKeys).toContain(key)
    }),
    { numRuns: 500 },
  )
})

test('200,000 numbers that were dropped one by one, of hops of which nothing came', () => {
  const absences = Array.from({ length: 200_000 }, (_, i) => ({
    span: 'b',
    from: 2 * i + 1,
    to: 2 * i + 1,
    state: 'dropped' as const,
    reason: 'buffer_full',
  }))
  expect(countMissing(findMissing([], absences))).toBe(200_000)
})
