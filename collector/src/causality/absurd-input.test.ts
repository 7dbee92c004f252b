import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deriveCalls } from './calls.js'
import { findMissing } from './completeness.js'
import type { CausalEvent, CausalKind } from './event.js'
import { buildGraph } from './graph.js'
import { judgeCompleteness } from './judge-completeness.js'
import { knownNumbers } from './known-numbers.js'
import { findOddities } from './oddities.js'
import { orderByCause, orderByClock } from './order.js'
import { placeMissing } from './place-missing.js'
import { explainRelation } from './relation.js'
import { orderByCall } from './tree.js'

const START_MICROS = Date.parse('2026-01-15T12:00:00Z') * 1_000

function anEvent(fields: Partial<CausalEvent>): CausalEvent {
  const event = { span: 'a', number: 1, timeMicros: START_MICROS, node: 'cart', kind: 'log' as const, ...fields }
  return { id: `${event.span}:${event.number}:${event.kind}:${event.timeMicros}`, ...event }
}

/** Everything that can be asked of a session; each order must hold each event once. */
function explain(events: CausalEvent[]) {
  const graph = buildGraph(events)
  const [tree, cause, clock] = [orderByCall(graph), orderByCause(graph), orderByClock(graph)]
  for (const { order } of [tree, cause, clock]) expect(new Set(order).size).toBe(events.length)
  const missing = findMissing(
    knownNumbers(graph).map((hop) => ({ ...hop, isNative: true, producer: 'settled' as const })),
    [],
  )
  placeMissing(graph, tree.order, missing)
  deriveCalls(graph)
  judgeCompleteness(graph, missing, () => false)
  if (events.length > 1) explainRelation(graph, 0, events.length - 1)
  const oddities = findOddities(graph, cause.cut, () => undefined)
  expect(oddities.length).toBeLessThanOrEqual(66)
  return { graph, tree, cause, oddities }
}

/** Processor time, whatever else the machine does; the bound is many times what it takes, so that only another order of growth passes it. */
function expectQuick(work: () => void): void {
  const from = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(from)
  expect((user + system) / 1_000).toBeLessThan(5_000)
}

describe('absurd sessions are ordered, completely and soon', () => {
  test('nothing at all', () => {
    explain([])
  })

  test('a chain of 10,000 hops, each calling the next', () => {
    const events: CausalEvent[] = []
    for (let i = 0; i < 10_000; i++) {
      events.push(
        anEvent({ span: `h${i}`, kind: 'open', timeMicros: START_MICROS - i, ...(i > 0 && { call: `c${i - 1}`, parent: `c${i - 1}` }) }),
      )
      events.push(anEvent({ span: `h${i}`, number: 2, kind: 'call', call: `c${i}`, timeMicros: START_MICROS - i }))
    }
    expectQuick(() => {
      const { tree, graph } = explain(events)
      expect(Math.max(...tree.depthOf)).toBe(9_999)
      expect(graph.links.filter((link) => link.by === 'call')).toHaveLength(9_999)
    })
  })

  test('15,000 children of one hop, half of them without the call that sent them', () => {
    const events: CausalEvent[] = [anEvent({ span: 'root', kind: 'open', path: [] })]
    for (let i = 2; i < 15_002; i++) {
      if (i % 2 === 0) events.push(anEvent({ span: 'root', number: i, kind: 'call', call: `c${i}`, path: [] }))
      events.push(anEvent({ span: `h${i}`, kind: 'open', call: `c${i}`, parent: `c${i}`, path: [i], timeMicros: START_MICROS + (i % 7) }))
    }
    expectQuick(() => expect(explain(events).tree.depthOf.filter((depth) => depth === 1).length).toBe(15_000))
  })

  test('100,000 children of one hop, of whose calls nothing came', () => {
    const events = [anEvent({ span: 'root', kind: 'open', path: [] })]
    for (let i = 2; i < 100_002; i++) {
      const span = `h${i}`
      events.push({ id: span, span, number: 1, timeMicros: START_MICROS + (i % 7), node: 'cart', kind: 'log', path: [i] })
    }
    expectQuick(() => {
      const graph = buildGraph(events)
      expect(orderByCause(graph).order).toHaveLength(100_001)
      expect(graph.links[5]?.by).toBe('path')
    })
  })

  test('clocks of 64 numbers, each as great as can be', () => {
    const path = Array.from({ length: 63 }, () => 2 ** 31 - 1)
    const events = Array.from({ length: 200 }, (_, i) => anEvent({ span: `h${i}`, number: 2 ** 31 - 1, path: path.slice(i % 63) }))
    expectQuick(() => expect(explain(events).oddities.map(({ kind }) => kind)).toContain('deep_clock'))
  })

  test('a chain of 10,000 nodes, each a second behind its caller', () => {
    const events: CausalEvent[] = []
    for (let i = 0; i < 10_000; i++) {
      const fields = { span: `h${i}`, node: `n${i}`, timeMicros: START_MICROS - i * 1_000_000 }
      events.push(anEvent({ ...fields, kind: 'open', ...(i > 0 && { call: `c${i - 1}`, parent: `c${i - 1}` }) }))
      events.push(anEvent({ ...fields, number: 2, kind: 'call', call: `c${i}` }))
    }
    expectQuick(() => {
      const { skew } = explain(events).graph
      expect(skew.clocks[skew.clockOf[19_999] ?? -1]?.offsetMicros).toBe(-9_999_000_000)
    })
  })

  test('2,000 pairs of nodes, each with clocks that contradict each other in a way of its own', () => {
    const events: CausalEvent[] = []
    for (let i = 0; i < 2_000; i++) {
      const [a, b] = [
        { span: `a${i}`, node: `m${i}` },
        { span: `b${i}`, node: `n${i}` },
      ]
      events.push(anEvent({ ...a, kind: 'return', callee: { span: b.span, last: 2 } }))
      events.push(anEvent({ ...a, number: 2, kind: 'call', call: `c${i}`, timeMicros: START_MICROS + 1_000_000 }))
      events.push(anEvent({ ...b, kind: 'open', parent: `c${i}`, timeMicros: START_MICROS + i * 1_000 }))
      events.push(anEvent({ ...b, number: 2, timeMicros: START_MICROS + i * 1_000 }))
    }
    expectQuick(() => expect(explain(events).graph.skew.steps.length).toBeLessThanOrEqual(16))
  })

  test('25,000 events whose clocks go back and forth at random', () => {
    const events: CausalEvent[] = []
    for (let i = 0; i < 25_000; i++) {
      const [span, node, other] = [`h${i % 50}`, `n${i % 50}`, `h${(i + 1) % 50}`]
      const number = Math.floor(i / 50) + 1
      const timeMicros = START_MICROS + ((i * 7_919) % 100_003) * 1_000
      events.push(
        anEvent({ span, number, node, timeMicros, ...(number > 1 && { kind: 'return', callee: { span: other, last: number - 1 } }) }),
      )
    }
    expectQuick(() => expect(explain(events).graph.skew.steps).toHaveLength(16))
  })

  test('15,000 hops with one and the same path, and as many below it', () => {
    const events: CausalEvent[] = []
    for (let i = 0; i < 15_000; i++) events.push(anEvent({ span: `a${i}`, path: [3] }), anEvent({ span: `b${i}`, path: [3, 1] }))
    expectQuick(() => explain(events))
  })

  test('clocks 20,000 levels deep', () => {
    const deep = Array.from({ length: 20_000 }, (_, i) => i + 1)
    expectQuick(() => explain(Array.from({ length: 20 }, (_, i) => anEvent({ span: `h${i}`, path: deep.slice(i) }))))
  })

  test('hops that are each other’s parents, and a hop that is its own', () => {
    const { tree } = explain([
      anEvent({ span: 'a', kind: 'open', parent: 'b' }),
      anEvent({ span: 'b', kind: 'open', parent: 'c' }),
      anEvent({ span: 'c', kind: 'open', parent: 'a' }),
      anEvent({ span: 'd', kind: 'open', parent: 'd' }),
      anEvent({ span: 'e', kind: 'call', call: 'x' }),
      anEvent({ span: 'e', number: 2, kind: 'open', call: 'x', parent: 'x' }),
    ])
    expect([...tree.parentOf].filter((parent) => parent < 0)).toHaveLength(3)
  })

  test('20,000 returns that contradict each other between two hops: each cycle is cut and named', () => {
    const events: CausalEvent[] = []
    for (let i = 1; i <= 10_000; i++) {
      events.push(anEvent({ span: 'a', number: i, kind: 'return', callee: { span: 'b', last: i } }))
      events.push(anEvent({ span: 'b', number: i, kind: 'return', callee: { span: 'a', last: i } }))
    }
    expectQuick(() => expect(explain(events).cause.cut).toHaveLength(10_000))
  })

  test('a ring of 3,000 hops, each with a return that waits for the end of the next', () => {
    const events: CausalEvent[] = []
    for (let h = 0; h < 3_000; h++)
      for (let n = 1; n <= 4; n++)
        events.push(anEvent({ span: `h${h}`, number: n, kind: 'return', callee: { span: `h${(h + 1) % 3_000}`, last: n } }))
    expectQuick(() => expect(explain(events).cause.cut.length).toBeGreaterThan(0))
  })

  test('numbers that stand twice, zero, and absent within a numbered hop', () => {
    explain([0, 1, 1, 1, null, null, 7].map((number, i) => ({ ...anEvent({ number, timeMicros: START_MICROS + i }), id: `e${i}` })))
  })
})

test('forged events of any shape never throw, and come out in the same order whatever their order of arrival', () => {
  const spans = fc.constantFrom('a', 'b', 'c', 'd', null)
  const calls = fc.constantFrom('a', 'b', 'x', 'y', 'z')
  const forged = fc.record({
    span: spans,
    number: fc.option(fc.integer({ min: 0, max: 6 })),
    timeMicros: fc.integer({ min: 0, max: 5 }),
    node: fc.constantFrom('cart', 'payments'),
    kind: fc.constantFrom<CausalKind>('log', 'open', 'close', 'call', 'return'),
    path: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }),
    parent: calls,
    call: calls,
    callee: fc.record({ span: fc.constantFrom('a', 'b', 'c', 'e'), last: fc.integer({ min: 0, max: 7 }) }),
  })
  fc.assert(
    fc.property(fc.array(forged, { maxLength: 30 }), (fields) => {
      const events = fields.map((event, i) => ({ ...event, id: `e${i}` }))
      const ids = (list: CausalEvent[], order: Int32Array) => Array.from(order, (index) => list[index]?.id)
      const one = explain(events)
      const reversed = events.toReversed()
      const two = explain(reversed)
      expect(ids(reversed, two.cause.order)).toEqual(ids(events, one.cause.order))
      expect(ids(reversed, two.tree.order)).toEqual(ids(events, one.tree.order))
      expect(two.oddities).toEqual(one.oddities)
      expect(two.graph.skew.clocks).toEqual(one.graph.skew.clocks)
    }),
    { numRuns: 200 },
  )
})
