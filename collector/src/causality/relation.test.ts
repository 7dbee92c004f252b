import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CausalEvent } from './event.js'
import { buildGraph } from './graph.js'
import { explainRelation, findEvent } from './relation.js'
import { closeOver, simulate, skews, works } from './simulation.test-kit.js'

test('two events are before, after or concurrent as truly happened, and every edge of the chain is one', () => {
  fc.assert(
    fc.property(works, skews, fc.nat(1_000), fc.nat(1_000), (work, skew, one, two) => {
      const { events, causes } = simulate(work, skew)
      fc.pre(events.length <= 120)
      const past = closeOver(causes)
      const [a, b] = [one % events.length, two % events.length]
      const [idA, idB] = [events[a]?.id ?? '', events[b]?.id ?? '']
      const { relation, edges } = explainRelation(buildGraph(events), a, b)

      expect(relation).toBe(past.get(idB)?.has(idA) ? 'before' : past.get(idA)?.has(idB) ? 'after' : 'concurrent')
      const [from, to] = relation === 'after' ? [b, a] : [a, b]
      expect(edges.length === 0).toBe(relation === 'concurrent')
      if (edges.length > 0) expect([edges[0]?.from, edges.at(-1)?.to]).toEqual([from, to])
      for (const [i, edge] of edges.entries()) {
        const [earlier, later] = [events[edge.from], events[edge.to]]
        if (i > 0) expect(edges[i - 1]?.to).toBe(edge.from)
        expect(past.get(later?.id ?? '')?.has(earlier?.id ?? '')).toBe(true)
        expect(earlier?.span === later?.span).toBe(edge.by === 'hop')
        if (edge.by === 'return') expect(later?.callee?.span).toBe(earlier?.span)
      }
    }),
    { numRuns: 500 },
  )
})

const anEvent = (span: string, number: number, fields: Partial<CausalEvent> = {}): CausalEvent => ({
  id: `${span}:${number}`,
  span,
  number,
  timeMicros: 1_768_478_400_000_000,
  node: 'cart',
  kind: 'log',
  ...fields,
})

test('a chain goes through a call and back through its return', () => {
  const events = [
    anEvent('a', 1),
    anEvent('a', 2, { kind: 'call', call: 'x' }),
    anEvent('b', 1, { kind: 'open', call: 'x', parent: 'x', path: [2] }),
    anEvent('b', 2, { path: [2] }),
    anEvent('b', 3, { path: [2] }),
    anEvent('a', 3, { kind: 'return', call: 'x', callee: { span: 'b', last: 3 } }),
  ]
  const graph = buildGraph(events)
  const chain = (a: number, b: number) =>
    explainRelation(graph, a, b).edges.map(({ by, from, to }) => `${events[from]?.id} ${by} ${events[to]?.id}`)
  expect(chain(0, 4)).toEqual(['a:1 hop a:2', 'a:2 call b:1', 'b:1 hop b:3'])
  expect(chain(5, 3)).toEqual(['b:2 hop b:3', 'b:3 return a:3'])
  expect(explainRelation(graph, 0, 0)).toEqual({ relation: 'concurrent', edges: [] })
  expect(findEvent(graph, 'b', 2)).toBe(3)
  expect([findEvent(graph, 'b', 9), findEvent(graph, 'c', 1)]).toEqual([-1, -1])
})

test('an edge that a cycle was cut at proves nothing, so that the chain never contradicts the order', () => {
  const graph = buildGraph([
    anEvent('a', 1, { kind: 'return', callee: { span: 'b', last: 1 } }),
    anEvent('b', 1, { kind: 'return', callee: { span: 'a', last: 1 } }),
  ])
  const [one, two] = [explainRelation(graph, 0, 1), explainRelation(graph, 1, 0)]
  expect([one.relation, two.relation].toSorted()).toEqual(['after', 'before'])
  expect(one.edges).toEqual(two.edges)
})
