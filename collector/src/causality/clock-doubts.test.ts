import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CausalEvent } from './event.js'
import { buildGraph, type CausalGraph } from './graph.js'
import { CAST, clockError, mixedWorks, simulate, skews, works, type ClockSet, type Simulated } from './simulation.test-kit.js'

const SECOND = 1_000_000

/** How far each event's clock was truly ahead. */
function errorsOf(graph: CausalGraph, { trueMicros }: Simulated, skew: readonly number[], sets: readonly ClockSet[]): number[] {
  return graph.events.map(({ id, node }) => clockError(skew, CAST.indexOf(node), trueMicros.get(id.replace('+', '')) ?? 0, sets))
}

/** Events whose clock is measured, but wrongly, all against the clock of the root. */
function wrongEvents({ events, skew }: CausalGraph, errors: readonly number[]): CausalEvent[] {
  const clockOf = (event: number) => skew.clocks[skew.clockOf[event] ?? -1]
  const root = events.findIndex((_, i) => clockOf(i)?.node === skew.root && clockOf(i)?.offsetMicros === 0 && clockOf(i)?.errorMicros === 0)
  return events.filter((_, i) => {
    const { offsetMicros = null, errorMicros = null } = clockOf(i) ?? {}
    if (offsetMicros === null || errorMicros === null) return false
    return Math.abs((errors[i] ?? 0) - (errors[root] ?? 0) - offsetMicros) > errorMicros
  })
}

/** Whether a clock is taken for one that was set in between. */
function isStepUnseen({ skew }: CausalGraph, errors: readonly number[]): boolean {
  const errorOf = new Map<number, number>()
  return errors.some((error, i) => {
    const clock = skew.clockOf[i] ?? -1
    const known = errorOf.get(clock) ?? error
    errorOf.set(clock, known)
    return known !== error
  })
}

describe('clocks that were set several times within a session', () => {
  const sets = fc.array(
    fc.record({ node: fc.nat(5), atMicros: fc.nat(60_000), byMicros: fc.integer({ min: -20, max: 20 }).map((n) => n * 500_000) }),
    { minLength: 2, maxLength: 4 },
  )
  const losses = fc.record({ lost: fc.array(fc.nat(150), { maxLength: 10 }), twice: fc.array(fc.nat(150), { maxLength: 4 }) })

  test.each([
    ['native', works],
    ['mixed', mixedWorks],
  ])(
    'are measured rightly wherever each step was seen, and one that was set is among those said to have been, of %s processes',
    (_, anyWork) => {
      let found = 0
      fc.assert(
        fc.property(anyWork, skews, sets, losses, fc.boolean(), (work, skew, given, { lost, twice }, isOneNode) => {
          const own = isOneNode ? given.map((set) => ({ ...set, node: given[0]?.node ?? 0 })) : given
          const simulated = simulate(work, skew, own)
          const arrived = simulated.events.filter((__, i) => !lost.includes(i))
          const doubled = arrived.filter((__, i) => twice.includes(i)).map((event) => ({ ...event, id: `${event.id}+` }))
          const graph = buildGraph([...doubled, ...arrived].toReversed())
          if (graph.skew.steps.length === 0) return
          const set = new Set(own.map(({ node }) => CAST[node]))
          expect(graph.skew.steps.some(({ node }) => set.has(node))).toBe(true)
          const errors = errorsOf(graph, simulated, skew, own)
          if (isStepUnseen(graph, errors)) return
          found++
          expect(wrongEvents(graph, errors)).toEqual([])
        }),
        { numRuns: 800 },
      )
      expect(found).toBeGreaterThan(10)
    },
  )

  test('back and forth are measured rightly at each time', () => {
    const sizes = fc.integer({ min: 1, max: 60 })
    fc.assert(
      fc.property(sizes, fc.boolean(), fc.integer({ min: 2, max: 5 }), fc.nat(3), (seconds, isForwards, times, logs) => {
        const steps = Array.from({ length: logs }, () => ({ do: 'log' as const }))
        const callee = { node: 1, wire: 'native' as const, end: 'ok' as const, steps }
        const call = { do: 'call' as const, work: callee, answer: 'awaited' as const, joins: 1 as const, retry: 'none' as const }
        const root = { ...callee, node: 0, steps: Array.from({ length: times + 1 }, () => call) }
        const opened = simulate(root, []).trueMicros
        const own = Array.from({ length: times }, (_, i) => ({
          node: 1,
          atMicros: opened.get(`${(i + 3).toString(16).padStart(16, '0')}:1`) ?? 0,
          byMicros: ((i % 2 === 0) === isForwards ? seconds : -seconds) * SECOND,
        }))
        const skew = [0, 7, 0, 0, 0, 0]
        const simulated = simulate(root, skew, own)
        const graph = buildGraph(simulated.events)
        const errors = errorsOf(graph, simulated, skew, own)
        expect(graph.skew.steps.map(({ node }) => node)).toContain('cart')
        expect(wrongEvents(graph, errors)).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})
