import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CausalEvent } from './event.js'
import { buildGraph } from './graph.js'
import { orderByCause, orderByClock } from './order.js'
import { closeOver, provenCauses, simulate, skews, works } from './simulation.test-kit.js'
import { orderByCall } from './tree.js'

const idsOf = (events: readonly CausalEvent[], order: Int32Array) => Array.from(order, (index) => events[index]?.id ?? '')

/** The pairs that stand the wrong way round: empty for a linear extension. */
function contradictions(ids: readonly string[], past: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const placeOf = new Map(ids.map((id, place) => [id, place]))
  return ids.flatMap((id) =>
    [...(past.get(id) ?? [])].filter((cause) => (placeOf.get(cause) ?? -1) > (placeOf.get(id) ?? 0)).map((cause) => `${cause} after ${id}`),
  )
}

const arrivals = fc.record({
  work: works,
  skew: skews,
  lost: fc.array(fc.nat(400), { maxLength: 40 }),
  shuffle: fc.infiniteStream(fc.nat(1_000_000)),
})

function arrive({ work, skew, lost, shuffle }: typeof arrivals extends fc.Arbitrary<infer T> ? T : never, keepAll = false) {
  const { events, causes } = simulate(work, skew)
  const kept = events.filter((_, index) => keepAll || !lost.includes(index))
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

  test('by cause and by call are linear extensions of what the events that arrived prove, whatever is lost', () => {
    fc.assert(
      fc.property(arrivals, (arrival) => {
        const { events } = arrive(arrival)
        fc.pre(events.length <= 100)
        const past = closeOver(provenCauses(events))
        const graph = buildGraph(events)
        const byCause = orderByCause(graph)
        expect(byCause.cut).toEqual([])
        expect(contradictions(idsOf(events, byCause.order), past)).toEqual([])
        expect(contradictions(idsOf(events, orderByCall(graph).order), past)).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })

  test('the same events give the same orders whatever the order of arrival', () => {
    fc.assert(
      fc.property(arrivals, (arrival) => {
        const { events } = arrive(arrival)
        const other = events.toReversed()
        const [one, two] = [buildGraph(events), buildGraph(other)]
        for (const orderBy of [orderByCause, orderByCall, orderByClock])
          expect(idsOf(other, orderBy(two).order)).toEqual(idsOf(events, orderBy(one).order))
      }),
      { numRuns: 300 },
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
