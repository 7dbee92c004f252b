import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CausalEvent } from './event.js'
import { buildGraph, correctedMicros, type CausalGraph } from './graph.js'
import {
  CAST,
  clockError,
  closeOver,
  mixedWorks,
  provenCauses,
  simulate,
  skews,
  works,
  type ClockSet,
  type Simulated,
} from './simulation.test-kit.js'
import { skewByNode } from './skew.js'

const START_MICROS = Date.parse('2026-01-15T12:00:00Z') * 1_000
const SECOND = 1_000_000

/** Loses some events and shuffles the rest. */
const losses = fc.record({
  lost: fc.array(fc.nat(150), { maxLength: 20 }),
  shuffle: fc.array(fc.nat(1_000), { minLength: 8, maxLength: 8 }),
})
function arrive(events: readonly CausalEvent[], { lost, shuffle }: { lost: number[]; shuffle: number[] }): CausalEvent[] {
  const gone = new Set(lost)
  return events
    .map((event, i) => ({ event, i, key: ((shuffle[i % 8] ?? 0) * (i + 7)) % 1_009 }))
    .filter(({ i }) => !gone.has(i))
    .toSorted((a, b) => a.key - b.key)
    .map(({ event }) => event)
}

/** How far the clock of an event was truly ahead of the root's clock at the session's start. */
function truthOf({ trueMicros }: Simulated, skew: number[], graph: CausalGraph, step?: ClockSet): (event: number) => number {
  const error = (event: CausalEvent | undefined) =>
    clockError(skew, CAST.indexOf(event?.node ?? ''), trueMicros.get(event?.id ?? '') ?? 0, step)
  const isRoots = (event: number) => {
    const clock = graph.skew.clocks[graph.skew.clockOf[event] ?? -1]
    return clock?.node === graph.skew.root && clock.offsetMicros === 0 && clock.errorMicros === 0
  }
  const rootError = error(graph.events.find((_, event) => isRoots(event)))
  return (event) => error(graph.events[event]) - rootError
}

/** Events whose clock is measured, but wrongly. */
function wrongEvents(graph: CausalGraph, truth: (event: number) => number): string[] {
  return graph.events.flatMap((event, i) => {
    const clock = graph.skew.clocks[graph.skew.clockOf[i] ?? -1]
    if (!clock || clock.offsetMicros === null || clock.errorMicros === null) return []
    const isWithin = Math.abs(truth(i) - clock.offsetMicros) <= clock.errorMicros
    return isWithin ? [] : [`${event.id} of ${event.node}: ${truth(i)} is not ${clock.offsetMicros} ± ${clock.errorMicros}`]
  })
}

describe('skew of simulated sessions', () => {
  test.each([
    ['native', works],
    ['mixed', mixedWorks],
  ])('the true offset lies within the bounds, and no step is seen where none was, of %s processes, whatever is lost', (_, anyWork) => {
    fc.assert(
      fc.property(anyWork, skews, losses, (work, skew, loss) => {
        const simulated = simulate(work, skew)
        const graph = buildGraph(arrive(simulated.events, loss))
        expect(graph.skew.steps).toEqual([])
        expect(wrongEvents(graph, truthOf(simulated, skew, graph))).toEqual([])
      }),
      { numRuns: 1_500 },
    )
  })

  test('nothing known at its corrected time comes before what caused it', () => {
    fc.assert(
      fc.property(mixedWorks, skews, losses, (work, skew, loss) => {
        const graph = buildGraph(arrive(simulate(work, skew).events, loss))
        const contradictions = graph.events.flatMap((event, i) => {
          const at = correctedMicros(graph, i)
          return [graph.cause[i] ?? -1, graph.answer[i] ?? -1].flatMap((earlier) => {
            const from = earlier < 0 ? undefined : correctedMicros(graph, earlier)
            return at !== undefined && from !== undefined && from > at ? [`${graph.events[earlier]?.id} after ${event.id}`] : []
          })
        })
        expect(contradictions).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })

  test('a node that answered its caller is measured, to within the round trip', () => {
    fc.assert(
      fc.property(works, skews, (work, skew) => {
        const { events, trueMicros } = simulate(work, skew)
        const graph = buildGraph(events)
        const byNode = skewByNode(graph.skew)
        const root = graph.events.find((event) => event.span === '0000000000000001')
        for (const event of events) {
          if (!event.callee || event.span !== root?.span) continue
          const callee = events.find((other) => other.span === event.callee?.span)
          const call = events.find((other) => other.kind === 'call' && other.call === event.call)
          if (!callee || callee.node === root?.node) continue
          const roundTrip = (trueMicros.get(event.id) ?? 0) - (trueMicros.get(call?.id ?? '') ?? 0)
          const measured = byNode.get(callee.node)
          expect(measured?.kind).toBe('measured')
          expect(measured?.errorMicros).toBeLessThanOrEqual(roundTrip / 2)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('says the same whatever the order of arrival', () => {
    fc.assert(
      fc.property(mixedWorks, skews, losses, fc.integer({ min: -20, max: 20 }), (work, skew, loss, seconds) => {
        const step = { node: work.node, atMicros: 4_000, byMicros: seconds * SECOND }
        const events = arrive(simulate(work, skew, step).events, loss)
        const other = events.toReversed()
        const [one, two] = [buildGraph(events), buildGraph(other)]
        expect([...skewByNode(two.skew)]).toEqual([...skewByNode(one.skew)])
        const steps = ({ skew: { steps } }: CausalGraph, list: CausalEvent[]) =>
          steps.map((found) => ({ ...found, event: list[found.event]?.id }))
        expect(steps(two, other)).toEqual(steps(one, events))
      }),
      { numRuns: 500 },
    )
  })
})

describe('a clock that was set within the session', () => {
  const clockSets = fc.record({
    node: fc.nat(CAST.length - 1),
    atMicros: fc.nat(12_000),
    byMicros: fc.integer({ min: 10, max: 100 }).chain((seconds) => fc.constantFrom(seconds * SECOND, -seconds * SECOND)),
  })

  test('is named with its step, and the true offsets before and after lie within the bounds, where anything contradicts itself', () => {
    let found = 0
    fc.assert(
      fc.property(works, skews, losses, clockSets, (work, skew, loss, step) => {
        const simulated = simulate(work, skew, step)
        const graph = buildGraph(arrive(simulated.events, loss))
        const { steps } = graph.skew
        if (steps.length === 0 || graph.events.length > 100) return
        found++
        expect(steps.map(({ node }) => node)).toEqual([CAST[step.node]])
        const isAfter = (event: CausalEvent) => (simulated.trueMicros.get(event.id) ?? 0) >= step.atMicros
        const own = graph.events.filter((event) => event.node === CAST[step.node])
        const past = closeOver(provenCauses(graph.events))
        const isOrdered = own.some((event) => isAfter(event) && own.some((other) => !isAfter(other) && past.get(event.id)?.has(other.id)))
        // Where no edge leads from one side of the step to the other, nobody can tell which came first.
        const stepMicros = steps[0]?.stepMicros ?? 0
        const isTurned = !isOrdered && Math.sign(stepMicros) !== Math.sign(step.byMicros)
        expect(Math.abs((isTurned ? -stepMicros : stepMicros) - step.byMicros)).toBeLessThan(SECOND)
        const clockOf = new Map(graph.events.map((event, i) => [event.id, graph.skew.clockOf[i]]))
        const afterClock = graph.skew.clockOf[steps[0]?.event ?? -1]
        expect(own.filter((event) => (clockOf.get(event.id) === afterClock) !== (isAfter(event) !== isTurned))).toEqual([])
        expect(wrongEvents(graph, truthOf(simulated, skew, graph, step))).toEqual([])
      }),
      { numRuns: 2_000 },
    )
    expect(found).toBeGreaterThan(50)
  })

  test('is found wherever a call went out before and came back after', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.boolean(), fc.nat(3), (seconds, isForwards, logs) => {
        const byMicros = (isForwards ? seconds : -seconds) * SECOND
        const callee = {
          node: 1,
          wire: 'native' as const,
          end: 'ok' as const,
          steps: Array.from({ length: logs + 1 }, () => ({ do: 'log' as const })),
        }
        const call = { do: 'call' as const, work: callee, answer: 'awaited' as const, joins: 1 as const, retry: 'none' as const }
        const work = { ...callee, node: 0, steps: [call, call] }
        const atMicros = simulate(work, []).trueMicros.get('0000000000000002:2') ?? 0
        const graph = buildGraph(simulate(work, [0, 7, 0, 0, 0, 0], { node: 1, atMicros, byMicros }).events)
        expect(graph.skew.steps).toHaveLength(1)
        expect(graph.skew.steps[0]?.node).toBe('cart')
        expect(graph.events[graph.skew.steps[0]?.event ?? -1]?.id).toBe('0000000000000002:2')
      }),
      { numRuns: 200 },
    )
  })
})

const anEvent = (id: string, millis: number, node: string, fields: Partial<CausalEvent> = {}): CausalEvent => ({
  id,
  span: id.split(':')[0] ?? '',
  number: Number(id.split(':')[1]),
  timeMicros: START_MICROS + millis * 1_000,
  node,
  kind: 'log',
  ...fields,
})

test('a round trip bounds a clock from both sides, a call without a way back from one', () => {
  const { skew } = buildGraph([
    anEvent('a:1', 0, 'storefront', { kind: 'open' }),
    anEvent('a:2', 10, 'storefront', { kind: 'call', call: 'x' }),
    anEvent('b:1', 5_012, 'cart', { kind: 'open', parent: 'x', call: 'x', path: [2] }),
    anEvent('b:2', 5_014, 'cart', { kind: 'close', path: [2] }),
    anEvent('a:3', 20, 'storefront', { kind: 'return', call: 'x', callee: { span: 'b', last: 2 } }),
    anEvent('a:4', 30, 'storefront', { kind: 'call', call: 'y' }),
    anEvent('c:1', -2_000, 'mailer', { kind: 'open', parent: 'y', call: 'y', path: [4] }),
    anEvent('a:5', 40, 'storefront', { kind: 'call', call: 'z' }),
    anEvent('d:1', 90_000, 'inventory', { kind: 'open', parent: 'z', call: 'z', path: [5] }),
    anEvent('e:1', 0, 'payments', { kind: 'open', parent: 'nobody', path: [] }),
  ])
  const byNode = skewByNode(
    skew,
    new Map([
      ['storefront', 500_000],
      ['cart', 1],
      ['payments', 700_000],
    ]),
  )
  expect(Object.fromEntries(byNode)).toEqual({
    storefront: { node: 'storefront', offsetMicros: 0, errorMicros: 0, kind: 'measured' },
    // Between 4,994 (return) and 5,002 (call).
    cart: { node: 'cart', offsetMicros: 4_998_000, errorMicros: 4_000, kind: 'measured' },
    mailer: { node: 'mailer', offsetMicros: -2_030_000, errorMicros: null, kind: 'one_sided' },
    inventory: { node: 'inventory', offsetMicros: 0, errorMicros: null, kind: 'one_sided' },
    payments: { node: 'payments', offsetMicros: 200_000, errorMicros: null, kind: 'estimate' },
  })
})

test('a session of one node has no skew, and an empty one no root', () => {
  expect([...skewByNode(buildGraph([anEvent('a:1', 0, 'cart')]).skew)]).toEqual([])
  expect(buildGraph([]).skew.root).toBeNull()
})
