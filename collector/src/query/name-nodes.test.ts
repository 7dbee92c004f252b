import type { StoredNode } from '@groundtrack/db'
import { expect, test } from 'vitest'
import { nameNodes } from './name-nodes.js'

function name(...nodes: [node: string, service: string, number: number | null][]): (string | undefined)[] {
  const rows = nodes.map(([node, service, number], id): [number, StoredNode] => [
    id,
    {
      id,
      node,
      service,
      number,
      environment: 'sandbox',
      version: '1.0',
      origin: 'native',
      address: null,
      host: null,
      pid: null,
      runtime: null,
      state: null,
    },
  ])
  const words = nameNodes(new Map(rows))
  return nodes.map(([node]) => words(node)?.name)
}

const [ONE, TWO] = ['6f1c1f0e-2b51-4a7e-9d6c-3f7c0a5e1c01', '7a1c1f0e-2b51-4a7e-9d6c-3f7c0a5e1c02']

test('registered nodes are called as on every page', () => {
  expect(name([ONE, 'cart', 1], [TWO, 'cart', 2])).toEqual(['cart-1', 'cart-2'])
})

test('others by their service, and by their id where there are several', () => {
  expect(name([ONE, 'cart', null], [TWO, 'mailer', null])).toEqual(['cart', 'mailer'])
  expect(name([ONE, 'cart', null], [TWO, 'cart', null])).toEqual(['cart (6f1c1f0e)', 'cart (7a1c1f0e)'])
})

test('two that had the name one after another are told apart', () => {
  expect(name([ONE, 'cart', 2], [TWO, 'cart', 2])).toEqual(['cart-2 (6f1c1f0e)', 'cart-2 (7a1c1f0e)'])
})
