import { expect, test } from 'vitest'
import { groupBoard } from './board-groups'
import { columnsFor, densityFor, layoutRows, type BoardRow } from './board-rows'
import { aBoardNode } from './registry-view.test-kit'

test('sets small services side by side, and the others below one another', () => {
  const nodes = ['cart-1', 'cart-2', 'cart-3', 'checkout-1', 'inventory-1', 'payments-1', 'payments-2'].map((name) => aBoardNode(name))

  expect(drawn(layoutRows(groupBoard(nodes), 2))).toEqual([
    '# cart',
    'cart-1 cart-2',
    'cart-3',
    '# checkout # inventory',
    'checkout-1 inventory-1',
    '# payments',
    'payments-1 payments-2',
  ])
})

test('names the versions of a service that has several, and gives it rows of its own', () => {
  const nodes = [aBoardNode('cart-1'), aBoardNode('cart-2', { version: '1.5' }), aBoardNode('mailer-1')]

  expect(drawn(layoutRows(groupBoard(nodes), 3))).toEqual(['# cart', '1.5', 'cart-2', '1.4', 'cart-1', '# mailer', 'mailer-1'])
})

test('draws each of a thousand nodes once, in rows with keys of their own', () => {
  const nodes = Array.from({ length: 1_000 }, (_, index) => aBoardNode(`service${index % 30}-${index}`))

  const rows = layoutRows(groupBoard(nodes), 4)

  const names = rows.flatMap((row) => (row.kind === 'nodes' ? row.nodes.map((node) => node.name) : []))
  expect(new Set(names).size).toBe(1_000)
  expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length)
})

test('makes cards large where few stand in a wide room, and tiles where they are many', () => {
  expect([densityFor(9, 1_300), densityFor(9, 690), densityFor(40, 1_300), densityFor(1_000, 1_300)]).toEqual([
    'large',
    'cards',
    'cards',
    'tiles',
  ])
  expect([columnsFor(690, 'cards', 10), columnsFor(690, 'tiles', 10), columnsFor(0, 'cards', 10)]).toEqual([2, 4, 1])
})

function drawn(rows: BoardRow[]): string[] {
  return rows.map((row) => {
    if (row.kind === 'services') return row.services.map(({ service }) => `# ${service}`).join(' ')
    return row.kind === 'version' ? row.version : row.nodes.map((node) => node.name).join(' ')
  })
}
