import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildGraph } from './graph.js'
import { boundPairs, intersectPairs, type DatedBounds } from './pair-skew.js'
import { CAST, clockError, mixedWorks, simulate, skews, works } from './simulation.test-kit.js'

const SECOND = 1_000_000
const someWorks = (work: typeof works) => fc.array(work, { minLength: 1, maxLength: 6 })
const losses = fc.array(fc.nat(100), { maxLength: 15 })

describe('clocks of two nodes over many simulated sessions', () => {
  test.each([
    ['native', works],
    ['mixed', mixedWorks],
  ])('are bounded around the truth, and the tighter the more sessions there are, of %s processes, whatever is lost', (_, anyWork) => {
    let pairs = 0
    fc.assert(
      fc.property(someWorks(anyWork), skews, losses, fc.nat(CAST.length - 1), (session, skew, lost, at) => {
        const node = CAST[at] ?? ''
        const newestFirst = new Map<string, DatedBounds[]>()
        for (const [i, work] of session.entries()) {
          const arrived = simulate(work, skew).events.filter((__, n) => !lost.includes(n))
          for (const [other, bounds] of boundPairs(buildGraph(arrived), node))
            newestFirst.set(other, [...(newestFirst.get(other) ?? []), { ...bounds, atMicros: -i * SECOND }])
        }
        for (const [other, all] of newestFirst) {
          pairs++
          const truth = clockError(skew, CAST.indexOf(other), 0) - clockError(skew, at, 0)
          let before = Infinity
          for (let count = 1; count <= all.length; count++) {
            const { offsetMicros, errorMicros, stepped, sessions } = intersectPairs(all.slice(0, count))
            expect([stepped, sessions]).toEqual([false, count])
            if (errorMicros === null) continue
            expect(Math.abs(truth - offsetMicros)).toBeLessThanOrEqual(errorMicros)
            expect(errorMicros).toBeLessThanOrEqual(before)
            before = errorMicros
          }
        }
      }),
      { numRuns: 400 },
    )
    expect(pairs).toBeGreaterThan(100)
  })

  test('are those after the last time one was set, which is said', () => {
    fc.assert(
      fc.property(
        fc.array(works, { minLength: 2, maxLength: 6 }),
        skews,
        fc.nat(5),
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        (session, skew, since, seconds, isForwards) => {
          // Node 1 was set before the `since` newest sessions.
          const set = skew.map((error, node) => (node === 1 ? error + (isForwards ? seconds : -seconds) * 10 : error))
          const newestFirst = session.flatMap((work, i) => {
            const bounds = boundPairs(buildGraph(simulate(work, i < since ? set : skew).events), CAST[0] ?? '').get(CAST[1] ?? '')
            return bounds ? [{ ...bounds, atMicros: -i * SECOND, isAfter: i < since }] : []
          })
          fc.pre(newestFirst[0]?.isAfter === true)
          const { offsetMicros, errorMicros, sessions, stepped } = intersectPairs(newestFirst)
          const known = newestFirst.slice(0, sessions)
          // A session before it may not contradict those after it, where they bound one side only.
          if (known.every(({ isAfter }) => isAfter) && errorMicros !== null) {
            const truth = clockError(set, 1, 0) - clockError(set, 0, 0)
            expect(Math.abs(truth - offsetMicros)).toBeLessThanOrEqual(errorMicros)
          }
          const isBounded = (all: typeof newestFirst) =>
            all.some(({ lower }) => Number.isFinite(lower)) && all.some(({ upper }) => Number.isFinite(upper))
          const [after, before] = [true, false].map((isAfter) => newestFirst.filter((bounds) => bounds.isAfter === isAfter))
          if (after && before && isBounded(after) && isBounded(before)) expect(stepped).toBe(true)
        },
      ),
      { numRuns: 400 },
    )
  })
})

describe('bounds of sessions', () => {
  const bounds = (lower: number, upper: number, atMicros = 0, stepped = false): DatedBounds => ({ lower, upper, atMicros, stepped })

  test.each<[string, DatedBounds[], object]>([
    ['intersect', [bounds(0, 30), bounds(10, 50)], { offsetMicros: 20, errorMicros: 10, sessions: 2, stepped: false }],
    ['from below only leave the least', [bounds(5, Infinity)], { offsetMicros: 5, errorMicros: null, sessions: 1, stepped: false }],
    [
      'from above only leave 0 where it is possible',
      [bounds(-Infinity, 5)],
      { offsetMicros: 0, errorMicros: null, sessions: 1, stepped: false },
    ],
    [
      'that contradict each other by a hair leave what lies between',
      [bounds(1_000, Infinity), bounds(-Infinity, 0)],
      { offsetMicros: 500, errorMicros: 500, sessions: 2, stepped: false },
    ],
    [
      'that contradict each other are those of the newest',
      [bounds(0, 10), bounds(90_000, 90_010)],
      { offsetMicros: 5, errorMicros: 5, sessions: 1, stepped: true },
    ],
    [
      'hold the looser the older they are',
      [bounds(0, 1_000_000), bounds(400_000, 500_000, -600 * SECOND)],
      { offsetMicros: 450_000, errorMicros: 350_000, sessions: 2, stepped: false },
    ],
    [
      'within which a clock was set say nothing',
      [bounds(0, 10, 0, true)],
      { offsetMicros: 0, errorMicros: null, sessions: 0, stepped: true },
    ],
  ])('%s', (_, newestFirst, expected) => {
    expect(intersectPairs(newestFirst)).toEqual(expected)
  })
})
