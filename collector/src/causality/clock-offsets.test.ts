import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildGraph, correctedMicros, longestDrawn } from './graph.js'
import { simulate, type Work } from './simulation.test-kit.js'

const SECOND = 1_000_000

const callee: Work = { node: 1, wire: 'native', end: 'ok', steps: [{ do: 'log' }, { do: 'log' }] }
const awaited = { do: 'call', work: callee, answer: 'awaited', joins: 1, retry: 'none' } as const
const asynchronous = { ...awaited, answer: 'never' } as const

interface ClockSetting {
  node: number
  at: number
  seconds: number
  isForwards: boolean
}

const sets: fc.Arbitrary<ClockSetting> = fc.record({
  node: fc.constantFrom(0, 1),
  at: fc.nat(30),
  seconds: fc.integer({ min: 1, max: 60 }),
  isForwards: fc.boolean(),
})

/** What is made of a clock that is set at the instant of one of the events. */
function explainSet(work: Work, set: ClockSetting) {
  const instants = [...simulate(work, []).trueMicros.values()]
  const atMicros = instants[set.at % instants.length] ?? 0
  const step = { node: set.node, atMicros, byMicros: (set.isForwards ? 1 : -1) * set.seconds * SECOND }
  const { events, trueMicros } = simulate(work, [0, 7, 0, 0, 0, 0], step)
  return { graph: buildGraph(events), trueMicros }
}

for (const [name, calls] of [
  ['calls that are answered', [awaited, awaited, awaited]],
  ['calls that nobody answers', [asynchronous, { do: 'log' }, asynchronous, { do: 'log' }, asynchronous]],
] as const)
  test(`a step that was found stretches no duration, with ${name}`, () => {
    let found = 0
    fc.assert(
      fc.property(sets, (set) => {
        const { graph, trueMicros } = explainSet({ ...callee, node: 0, steps: [...calls] }, set)
        if (graph.skew.steps.length === 0) return
        found++
        const trueOf = (event: number) => trueMicros.get(graph.events[event]?.id ?? '') ?? 0
        for (const { events } of graph.tree.hops) {
          const [first = -1, last = -1] = [events[0], events.at(-1)]
          const drawn = (graph.drawn[last] ?? NaN) - (graph.drawn[first] ?? NaN)
          expect(Math.abs(drawn - (trueOf(last) - trueOf(first)))).toBeLessThan(SECOND / 10)
        }
        const all = [...trueMicros.values()]
        expect(longestDrawn(graph)).toBeLessThan(Math.max(...all) - Math.min(...all) + SECOND / 10)
      }),
      { numRuns: 300 },
    )
    expect(found).toBeGreaterThan(20)
  })

test('of one node alone the clock is read on as it was before it was set', () => {
  const start = Date.parse('2026-01-15T12:00:00Z') * 1_000
  const line = (number: number, millis: number) => ({
    id: `a:${number}`,
    span: 'a',
    number,
    timeMicros: start + millis * 1_000,
    node: 'cart',
    kind: 'log' as const,
  })
  const graph = buildGraph([line(1, 0), line(2, 10), line(3, -3_980), line(4, -3_970)])
  expect(graph.skew.clocks.map(({ offsetMicros }) => offsetMicros)).toEqual([null, null])
  expect([0, 1, 2, 3].map((event) => (correctedMicros(graph, event) ?? 0) - start)).toEqual([0, 10_000, 10_000, 20_000])
  expect(longestDrawn(graph)).toBe(20_000)
})
