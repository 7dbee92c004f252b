import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CausalEvent } from './event.js'
import { buildGraph } from './graph.js'
import { orderByCause, orderByClock } from './order.js'
import { closeOver, mixedWorks, provenCauses, pureWorks, simulate, skews, works } from './simulation.test-kit.js'
import { orderByCall } from './tree.js'

const idsOf = (events: readonly CausalEvent[], order: Int32Array) => Array.from(order, (index) => events[index]?.id ?? '')

/** The pairs that stand the wrong way round: empty for a linear extension. */
function contradictions(ids: readonly string[], past: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const placeOf = new Map(ids.map((id, place) => [id, place]))
  return ids.flatMap((id) =>
    [...(past.get(id) ?? [])].filter((cause) => (placeOf.get(cause) ?? -1) > (placeOf.get(id) ?? 0)).map((cause) => `${cause} after ${id}`),
  )
}

const arrivals = arrivalsOf(works)
const mixedArrivals = arrivalsOf(mixedWorks)
type Arrival = typeof arrivals extends fc.Arbitrary<infer T> ? T : never

function arrivalsOf(work: typeof works) {
  return fc.record({
    work,
    skew: skews,
    lost: fc.array(fc.nat(400), { maxLength: 40 }),
    /** Delivered twice under one number: what a store that can't tell would hold. */
    twice: fc.array(fc.nat(400), { maxLength: 5 }),
    /** Clocks that are set while the session runs, back and forth too. */
    sets: fc.array(
      fc.record({ node: fc.nat(5), atMicros: fc.nat(60_000), byMicros: fc.integer({ min: -20, max: 20 }).map((n) => n * 500_000) }),
      { maxLength: 3 },
    ),
    shuffle: fc.infiniteStream(fc.nat(1_000_000)),
  })
}

function arrive({ work, skew, lost, twice, sets, shuffle }: Arrival, keepAll = false) {
  const { events, causes } = simulate(work, skew, sets)
  const kept = keepAll ? events : events.filter((_, index) => !lost.includes(index))
  if (!keepAll)
    for (const index of twice) if (events[index] && !lost.includes(index)) kept.push({ ...events[index], id: `${events[index].id}+` })
  const keyed = kept.map((event) => ({ event, key: shuffle.next().value ?? 0 }))
  const shuffled = keyed.toSorted((a, b) => a.key - b.key).map(({ event }) => event)
  return { all: events, causes, events: shuffled }
}

describe('order of simulated sessions', () => {
  test('by cause and by call are linear extensions of what truly happened when nothing is lost', () => {
    fc.assert(
      fc.property(arrivals, (arrival) => {
        const { events, causes } = arrive(arrival, true)
        fc.pre(events.length <= 150)
        const past = closeOver(causes)
        const graph = buildGraph(events)
        expect(contradictions(idsOf(events, orderByCause(graph).order), past)).toEqual([])
        expect(contradictions(idsOf(events, orderByCall(graph).order), past)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['native', arrivals, 400],
    ['mixed', mixedArrivals, 600],
  ])(
    'by cause and by call are linear extensions of what the events that arrived prove, of %s processes, whatever is lost, doubled or set',
    (_, anyArrivals, numRuns) => {
      fc.assert(
        fc.property(anyArrivals, (arrival) => {
          const { events } = arrive(arrival)
          fc.pre(events.length <= 80)
          const past = closeOver(provenCauses(events.filter((event) => !event.id.endsWith('+'))))
          const graph = buildGraph(events)
          const byCause = orderByCause(graph)
          expect(byCause.cut).toEqual([])
          expect(contradictions(idsOf(events, byCause.order), past)).toEqual([])
          expect(contradictions(idsOf(events, orderByCall(graph).order), past)).toEqual([])
        }),
        { numRuns },
      )
    },
  )

  test('a span whose open is missing stands after the call that reached what it called', () => {
    const at = (millis: number) => Date.parse('2026-01-15T12:00:00Z') * 1_000 + millis * 1_000
    const root = { span: 'a', node: 'storefront', path: [] }
    const graph = buildGraph([
      { ...root, id: 'a:1', number: 1, kind: 'open', timeMicros: at(10) },
      { ...root, id: 'a:2', number: 2, kind: 'call', call: 'x', timeMicros: at(11) },
      // The span's clock is behind, and of its own only the close came.
      { id: 'b#2', span: 'b', node: 'payments', number: null, kind: 'close', timeMicros: at(-90) },
      { id: 'c:1', span: 'c', node: 'cart', path: [2], number: 1, kind: 'open', parent: 'b', call: 'x', timeMicros: at(12) },
    ])
    expect(idsOf(graph.events, orderByCall(graph).order)).toEqual(['a:1', 'a:2', 'b#2', 'c:1'])
    expect([...orderByCall(graph).depthOf].toSorted((a, b) => a - b)).toEqual([0, 1, 2])
  })

  test('by call is the order of clocks as lists of numbers where every hop has a path of its own', () => {
    const compareClocks = (a: CausalEvent, b: CausalEvent): number => {
      const [one, two] = [a, b].map((event) => [...(event.path ?? []), event.number ?? 0])
      if (!one || !two) return 0
      const differs = one.findIndex((number, level) => number !== two[level])
      return differs < 0 ? one.length - two.length : (one[differs] ?? 0) - (two[differs] ?? -1)
    }
    fc.assert(
      fc.property(arrivalsOf(pureWorks), (arrival) => {
        const { events } = arrive(arrival, true)
        const byClocks = events.toSorted(compareClocks).map((event) => event.id)
        expect(idsOf(events, orderByCall(buildGraph(events)).order)).toEqual(byClocks)
      }),
      { numRuns: 500 },
    )
  })

  test('the same events give the same orders whatever the order of arrival', () => {
    fc.assert(
      fc.property(mixedArrivals, (arrival) => {
        const { events } = arrive(arrival)
        const other = events.toReversed()
        const [one, two] = [buildGraph(events), buildGraph(other)]
        for (const orderBy of [orderByCause, orderByCall, orderByClock])
          expect(idsOf(other, orderBy(two).order)).toEqual(idsOf(events, orderBy(one).order))
      }),
      { numRuns: 500 },
    )
  })

  test('concurrent neighbours are exactly those that neither caused the other', () => {
    fc.assert(
      fc.property(arrivals, (arrival) => {
        const { events, causes } = arrive(arrival, true)
        fc.pre(events.length <= 150)
        const past = closeOver(causes)
        const { order, concurrent } = orderByCause(buildGraph(events))
        const ids = idsOf(events, order)
        for (let place = 1; place < ids.length; place++)
          expect(concurrent[place] === 1).toBe(past.get(ids[place] ?? '')?.has(ids[place - 1] ?? '') === false)
      }),
      { numRuns: 200 },
    )
  })

  test('by clock marks exactly the events that stand before one of their causes', () => {
    fc.assert(
      fc.property(arrivals, (arrival) => {
        const { events, causes } = arrive(arrival, true)
        fc.pre(events.length <= 150)
        const past = closeOver(causes)
        const { order, inversion } = orderByClock(buildGraph(events))
        const ids = idsOf(events, order)
        const placeOf = new Map(ids.map((id, place) => [id, place]))
        const expected = ids.map((id, place) => ([...(past.get(id) ?? [])].some((cause) => (placeOf.get(cause) ?? 0) > place) ? 1 : 0))
        expect([...inversion]).toEqual(expected)
      }),
      { numRuns: 200 },
    )
  })
})
