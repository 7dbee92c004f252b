import { expect, test } from 'vitest'
import { filterNodes, groupBoard } from './board-groups'
import { aBoardNode } from './registry-view.test-kit'

test('orders services and nodes by name, numbers as numbers, and newer versions first, whatever their state', () => {
  const nodes = [
    aBoardNode('payments-1', { state: 'gone' }),
    aBoardNode('cart-10'),
    aBoardNode('cart-2', { state: 'stale' }),
    aBoardNode('cart-3', { version: '1.10' }),
  ]

  const board = groupBoard(nodes).map(({ service, versions }) => [service, versions.map((each) => each.nodes.map((node) => node.name))])

  expect(board).toEqual([
    ['cart', [['cart-3'], ['cart-2', 'cart-10']]],
    ['payments', [['payments-1']]],
  ])
})

test('counts the states of a service, and keeps environments apart', () => {
  const nodes = [aBoardNode('cart-1'), aBoardNode('cart-2', { state: 'gone' }), aBoardNode('cart-1', { environment: 'staging' })]

  const board = groupBoard(nodes)

  expect(board.map(({ environment, total }) => [environment, total])).toEqual([
    ['sandbox', 2],
    ['staging', 1],
  ])
  expect(board[0]?.counts).toEqual({ up: 1, stale: 0, gone: 1, restarting: 0, unknown: 0 })
})

test('filters by words in any case, of which all must be found, and by state', () => {
  const nodes = [aBoardNode('cart-1'), aBoardNode('cart-2', { state: 'gone' }), aBoardNode('mailer-1', { version: '2.0' })]
  const names = (words: string | undefined, state?: 'gone') => filterNodes(nodes, words, state).map((node) => node.name)

  expect(names('CART')).toEqual(['cart-1', 'cart-2'])
  expect(names('cart-1 8080')).toEqual(['cart-1'])
  expect(names('2.0')).toEqual(['mailer-1'])
  expect(names(undefined, 'gone')).toEqual(['cart-2'])
  expect(names('mailer', 'gone')).toEqual([])
})
