import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Hop } from '../hop.js'
import { Buffer, type Taken } from './buffer.js'
import { Entry } from './entry.js'
import { MAX_HOPS_OF_BATCH } from './hop-ranges.js'

/** What is charged for a range of a hop's numbers; half of the allowance may be spent on them. */
const HOP_RANGE_BYTES = 120

interface Logged {
  hop: Hop | undefined
  number: number
}

/** A buffer, all that was ever logged into it by its number, and all that was taken out. */
class Course {
  readonly buffer: Buffer
  readonly logged: Logged[] = []
  readonly taken: Taken[] = []
  readonly #hops = new Map<number, Hop>()

  constructor(maxBytes: number) {
    this.buffer = new Buffer(maxBytes)
  }

  /** `of`: which hop; -1 for the process itself. */
  log(of: number, rank: number, size: number): void {
    const hop = of < 0 ? undefined : (this.#hops.get(of) ?? new Hop(`session ${of}`, `span ${of}`, []))
    if (hop !== undefined) this.#hops.set(of, hop)
    const number = hop === undefined ? 0 : ++hop.last
    this.logged.push({ hop, number })
    this.buffer.add(new Entry(hop, number, rank, 'x'.repeat(size)))
  }

  take(maxEvents = 500): Taken | undefined {
    const taken = this.buffer.take(maxEvents, 262_144)
    if (taken !== undefined) this.taken.push(taken)
    return taken
  }

  drain(): void {
    while (this.take() !== undefined);
  }
}

/** Every number once and in order, as an event or in a run; every hop's number that a run lists is one of that run, once. */
function account({ taken, logged }: Course): { dropped: number; unlisted: number } {
  let next = 0
  let dropped = 0
  let unlisted = 0
  for (const { first, last, numbers, dropped: runs } of taken) {
    expect(first).toBe(next)
    next = last + 1
    expect(runs.reduce((sum, { hops = [] }) => sum + hops.length, 0)).toBeLessThanOrEqual(MAX_HOPS_OF_BATCH)
    const told = [...numbers, ...runs.flatMap((run) => Array.from({ length: run.last - run.first + 1 }, (_, i) => run.first + i))]
    expect(told.toSorted((a, b) => a - b)).toEqual(Array.from({ length: last - first + 1 }, (_, i) => first + i))
    for (const run of runs) {
      const lost = logged.slice(run.first, run.last + 1).flatMap(({ hop, number }) => (hop === undefined ? [] : [`${hop.span}:${number}`]))
      const named = (run.hops ?? []).flatMap(({ span, from, to }) => Array.from({ length: to - from + 1 }, (_, i) => `${span}:${from + i}`))
      expect(new Set(named).size).toBe(named.length)
      expect(named.filter((name) => !lost.includes(name))).toEqual([])
      dropped += run.last - run.first + 1
      unlisted += lost.length - named.length
    }
  }
  expect(next).toBe(logged.length)
  return { dropped, unlisted }
}

describe('what a full buffer drops', () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        log: fc.integer({ min: 1, max: 300 }),
        hops: fc.integer({ min: 1, max: 400 }),
        ranks: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 3 }),
        size: fc.constantFrom(0, 200, 1_500),
      }),
    },
    { weight: 1, arbitrary: fc.record({ take: fc.integer({ min: 1, max: 500 }) }) },
    { weight: 1, arbitrary: fc.record({ reserve: fc.constantFrom(10_000, 60_000, 500_000) }) },
  )

  test('is told once for each number, and for each number of a hop where the memory for that suffices', () => {
    const property = fc.property(fc.constantFrom(65_536, 400_000), fc.array(step, { minLength: 1, maxLength: 20 }), (maxBytes, steps) => {
      const course = new Course(maxBytes)
      const { buffer } = course
      for (const action of steps) {
        if ('take' in action) course.take(action.take)
        else if ('reserve' in action) {
          buffer.reserve(action.reserve)
          buffer.release(action.reserve)
        } else
          for (let i = 0; i < action.log; i++)
            course.log((i % (action.hops + 1)) - 1, action.ranks[i % action.ranks.length] ?? 0, action.size)
      }
      const held = buffer.droppedEvents
      course.drain()

      const { dropped, unlisted } = account(course)
      expect(dropped).toBe(held)
      if (dropped * HOP_RANGE_BYTES <= maxBytes / 2) expect(unlisted).toBe(0)
      expect([buffer.events, buffer.bytes, buffer.empty]).toEqual([0, 0, true])
    })
    fc.assert(property, { numRuns: 150 })
  })

  test('through more hops than a batch may list, is listed in several batches', () => {
    const course = new Course(1_000_000)
    for (let i = 0; i < 3_000; i++) course.log(i % 1_000, 2, 100)
    course.buffer.reserve(1_000_000)

    course.drain()

    expect(account(course)).toEqual({ dropped: 3_000, unlisted: 0 })
    expect(course.taken.length).toBeGreaterThan(3)
  })

  test('is counted only, once its list fills half of the memory; events still find the other half', () => {
    const course = new Course(65_536)
    for (let i = 0; i < 5_000; i++) course.log(i, 2, 100)
    const { events } = course.buffer
    course.drain()

    const { dropped, unlisted } = account(course)
    expect(dropped + events).toBe(5_000)
    expect(dropped - unlisted).toBe(Math.floor(65_536 / 2 / HOP_RANGE_BYTES))
    expect(events).toBeGreaterThan(80)
  })
})
