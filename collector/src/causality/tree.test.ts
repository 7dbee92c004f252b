import { expect, test } from 'vitest'
import { deriveCalls } from './calls.js'
import type { CausalEvent } from './event.js'
import { buildGraph } from './graph.js'
import { placeMissing } from './place-missing.js'
import { orderByCall } from './tree.js'

const START_MICROS = Date.parse('2026-01-15T12:00:00Z') * 1_000

/** Named `span.number`, or `span#place` without a number; each event a millisecond after the one before it in the list. */
function session(...given: (Partial<CausalEvent> & { span: string | null })[]): CausalEvent[] {
  return given.map((event, i) => ({
    number: null,
    timeMicros: START_MICROS + i * 1_000,
    node: 'cart',
    kind: 'log',
    ...event,
    id: event.number ? `${event.span}.${event.number}` : `${event.span}#${i}`,
  }))
}

function inTree(events: CausalEvent[]) {
  const graph = buildGraph(events)
  const tree = orderByCall(graph)
  const depths = Object.fromEntries(graph.tree.hops.map((hop, h) => [hop.span, tree.depthOf[h]]))
  return { graph, tree, depths, ids: Array.from(tree.order, (index) => events[index]?.id) }
}

test('the same headers joined twice make two hops under one call', () => {
  const { ids, tree, graph } = inTree(
    session(
      { span: 'a', number: 1, kind: 'open' },
      { span: 'a', number: 2, kind: 'call', call: 'x' },
      { span: 'b', number: 1, kind: 'open', call: 'x', parent: 'x', path: [2] },
      { span: 'c', number: 1, kind: 'open', call: 'x', parent: 'x', path: [2] },
      { span: 'b', number: 2, kind: 'close', path: [2] },
      { span: 'a', number: 3, kind: 'return', call: 'x', callee: { span: 'b', last: 2 } },
    ),
  )
  expect(ids).toEqual(['a.1', 'a.2', 'b.1', 'b.2', 'c.1', 'a.3'])
  expect([...tree.joinedTwice]).toEqual([0, 1, 1])
  expect(deriveCalls(graph)).toEqual([{ event: 1, answer: 5, callees: [1, 2] }])
})

test('a service that speaks OpenTelemetry only stands between caller and callee, and the cause is the call that the header names', () => {
  const events = session(
    { span: 'a', number: 1, kind: 'open' },
    { span: 'a', number: 2, kind: 'call', call: 'x' },
    { span: 'otel', kind: 'open', parent: 'x' },
    { span: 'b', number: 1, kind: 'open', call: 'x', parent: 'otel', path: [2] },
    { span: 'otel', kind: 'close' },
  )
  const { ids, depths, graph } = inTree(events)
  expect(ids).toEqual(['a.1', 'a.2', 'otel#2', 'b.1', 'otel#4'])
  expect(depths).toEqual({ a: 0, otel: 1, b: 2 })
  expect(graph.links.map((link) => [link.by, events[link.cause]?.id])).toEqual([
    ['root', undefined],
    ['call', 'a.2'],
    ['parent', 'a.2'],
  ])
})

test('a hop whose call is missing stands where its clock says, one whose caller is missing under the nearest ancestor', () => {
  const { ids, depths } = inTree(
    session(
      { span: 'c', number: 1, path: [2, 7] },
      { span: 'b', number: 1, kind: 'open', call: 'x', parent: 'x', path: [3] },
      { span: 'a', number: 1, kind: 'open' },
      { span: 'a', number: 4, kind: 'close' },
    ),
  )
  expect(ids).toEqual(['a.1', 'c.1', 'b.1', 'a.4'])
  expect(depths).toEqual({ a: 0, b: 1, c: 1 })
})

test('hops of unknown callers and events of no hop stand at the top by time', () => {
  const { ids, depths } = inTree(
    session({ span: null }, { span: 'b', number: 1, kind: 'open', parent: 'nobody' }, { span: null }, { span: 'b', number: 2 }),
  )
  expect(ids).toEqual(['null#0', 'b.1', 'b.2', 'null#2'])
  expect(depths).toEqual({ b: 0 })
})

test('events without numbers keep their time within a hop that has numbers', () => {
  const { ids } = inTree(session({ span: 'a', number: 1 }, { span: 'a' }, { span: 'a', number: 2 }, { span: 'a' }))
  expect(ids).toEqual(['a.1', 'a#1', 'a.2', 'a#3'])
})

test('missing runs stand before the next event of their hop, after its last, or before the return that names it', () => {
  const events = session(
    { span: 'a', number: 2 },
    { span: 'a', number: 5, kind: 'return', callee: { span: 'gone', last: 3 } },
    { span: 'a', number: 6 },
  )
  const { graph, tree } = inTree(events)
  const run = (span: string, from: number, to: number) => ({ span, from, to, state: 'unexplained' as const })
  const runs = [run('a', 1, 1), run('a', 3, 4), run('a', 7, 9), run('gone', 1, 3), run('unheard', 1, 1)]
  const rows = placeMissing(graph, tree.order, runs).map((row) =>
    'event' in row ? events[row.event]?.id : `${row.missing.span} ${row.missing.from}-${row.missing.to}`,
  )
  expect(rows).toEqual(['a 1-1', 'a.2', 'a 3-4', 'gone 1-3', 'a.5', 'a.6', 'a 7-9', 'unheard 1-1'])
})
