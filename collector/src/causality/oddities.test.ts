import { expect, test } from 'vitest'
import type { CausalEvent } from './event.js'
import { buildGraph } from './graph.js'
import { findOddities } from './oddities.js'
import { orderByCause } from './order.js'

const anEvent = (span: string, number: number, fields: Partial<CausalEvent> = {}): CausalEvent => ({
  id: `${span}:${number}`,
  span,
  number,
  timeMicros: 1_768_478_400_000_000 + number,
  node: 'cart',
  kind: 'log',
  ...fields,
})
const root = anEvent('a', 1, { kind: 'open' })

function oddities(events: CausalEvent[], environmentOf: (node: string) => string = () => 'production') {
  const graph = buildGraph(events)
  const found = findOddities(graph, orderByCause(graph).cut, (node) => ({ name: `${node}-2`, environment: environmentOf(node) }))
  return found.map(({ kind, span, text }) => [kind, span, text])
}

test('an honest session, a retry of one call included, has nothing odd', () => {
  expect(
    oddities([
      root,
      anEvent('a', 2, { kind: 'call', call: 'x' }),
      anEvent('b', 1, { kind: 'open', call: 'x', parent: 'x', path: [2] }),
      anEvent('c', 1, { kind: 'open', call: 'x', parent: 'x', path: [2], node: 'payments' }),
    ]),
  ).toEqual([])
  expect(oddities([])).toEqual([])
})

test.each<[string, CausalEvent[], unknown[]]>([
  [
    'hops that call each other',
    [root, anEvent('b', 1, { kind: 'open', parent: 'c' }), anEvent('c', 1, { kind: 'open', parent: 'b' })],
    ['cycle_cut', 'c', 'A hop of cart-2 says that it was called by one that it called itself: shown without a caller.'],
  ],
  [
    'returns that contradict each other',
    [
      root,
      anEvent('b', 1, { callee: { span: 'c', last: 1 }, node: 'mailer', parent: 'q', path: [7] }),
      anEvent('c', 1, { callee: { span: 'b', last: 1 }, path: [8] }),
    ],
    ['cycle_cut', 'b', 'Event 1 of mailer-2 and event 1 of cart-2 each claim to follow the other: the order ignores one claim.'],
  ],
  [
    'one clock claimed by two nodes',
    [root, anEvent('b', 1, { path: [3] }), anEvent('c', 1, { path: [3], node: 'mailer' })],
    ['shared_path', 'c', 'Both cart-2 and mailer-2 claim the clock [3].'],
  ],
  [
    'two roots',
    [root, anEvent('b', 1, { kind: 'open', node: 'mailer' })],
    ['shared_path', 'b', 'Both cart-2 and mailer-2 claim to begin this session.'],
  ],
  [
    'a hop of two nodes',
    [root, anEvent('a', 2, { node: 'mailer' })],
    ['two_nodes', 'a', 'Events of one hop come from cart-2 and from mailer-2.'],
  ],
  [
    'no root',
    [anEvent('b', 1, { kind: 'open', parent: 'x', path: [3] })],
    ['no_root', 'b', 'The hop that began this session was not seen. Its caller x was not seen.'],
  ],
  [
    'a clock as long as it may be',
    [root, anEvent('b', 1, { path: Array.from({ length: 63 }, () => 2 ** 31 - 1) })],
    ['deep_clock', 'b', 'Clocks of cart-2 are 64 numbers long.'],
  ],
  ['a number beyond sense', [root, anEvent('a', 2 ** 31 - 1)], ['deep_clock', 'a', 'A clock of cart-2 counts to 2147483647.']],
  [
    'a return that claims no less',
    [root, anEvent('a', 2, { kind: 'return', callee: { span: 'b', last: 2 ** 31 - 1 } })],
    ['deep_clock', 'b', 'A return names a hop of 2147483647 events, of which none was seen.'],
  ],
])('says of %s what is odd', (_, events, expected) => {
  expect(oddities(events)).toEqual([expected])
})

test('names the environments that a session runs over', () => {
  const events = [root, anEvent('b', 1, { kind: 'open', parent: 'a', path: [1], node: 'mailer' })]
  expect(oddities(events, (node) => (node === 'cart' ? 'staging' : 'production'))).toEqual([
    ['two_environments', undefined, 'This session runs over 2 environments: production, staging.'],
  ])
})

test('names ten of each kind and counts the others', () => {
  const twins = Array.from({ length: 100 }, (_, i) => anEvent(`h${i}`, 1, { path: [3], node: `node-${i}` }))
  const found = oddities([root, ...twins])
  expect(found).toHaveLength(11)
  expect(found.at(-1)).toEqual(['shared_path', undefined, '… and 89 more like these.'])
})
