import { expect, test } from 'vitest'
import { buildMatrix, cellAt, filterBreakers, type Matrix } from './breaker-matrix'
import { aBreaker } from './registry-view.test-kit'

test('sets callers against callees, both by service and name', () => {
  const matrix = buildMatrix([
    aBreaker('checkout-1', 'payments-2', 'open'),
    aBreaker('checkout-1', 'payments-10', 'closed'),
    aBreaker('cart-1', 'inventory-1', 'closed'),
  ])

  expect(told(matrix)).toEqual([
    ['cart-1', 'closed', undefined, undefined],
    ['checkout-1', undefined, 'open', 'closed'],
  ])
  expect(matrix.callees.map(({ name }) => name)).toEqual(['inventory-1', 'payments-2', 'payments-10'])
  expect(matrix.isByService).toBe(false)
})

test('keeps something that never reported apart by its address', () => {
  const relay = aBreaker('mailer-1', 'relay', 'open', { target: { address: 'http://relay:25', name: 'http://relay:25' } })

  const [callee] = buildMatrix([relay]).callees

  expect(callee).toEqual({ key: 'http://relay:25', name: 'http://relay:25', service: undefined })
})

test('tells services where nodes are many, each cell by its worst breaker', () => {
  const breakers = Array.from({ length: 40 }, (_, index) => aBreaker(`checkout-${index}`, 'payments-1', index === 7 ? 'open' : 'closed'))

  const matrix = buildMatrix(breakers)

  const [caller, callee] = [matrix.callers[0], matrix.callees[0]]
  const cell = caller && callee && cellAt(matrix, caller, callee)
  expect(matrix.isByService).toBe(true)
  expect([cell?.state, cell?.inState, cell?.breakers.length]).toEqual(['open', 1, 40])
})

test('leaves out services whose breakers are all closed, and counts them, where even services are many', () => {
  const closed = Array.from({ length: 20 }, (_, index) => aBreaker(`caller${index}-1`, `callee${index}-1`, 'closed'))

  const matrix = buildMatrix([...closed, aBreaker('checkout-1', 'payments-2', 'unknown')])

  expect(told(matrix)).toEqual([['checkout', 'unknown']])
  expect(matrix.closedPairs).toBe(20)
})

test('filters by words and by a pair of services', () => {
  const breakers = [aBreaker('checkout-1', 'payments-2', 'open'), aBreaker('cart-1', 'inventory-1', 'closed')]
  const found = (words?: string, pair?: string) => filterBreakers(breakers, words, pair).map(({ id }) => id)

  expect(found('payments')).toEqual(['checkout-1>payments-2'])
  expect(found(undefined, 'cart>inventory')).toEqual(['cart-1>inventory-1'])
  expect(found('payments', 'cart>inventory')).toEqual([])
})

function told(matrix: Matrix): (string | undefined)[][] {
  return matrix.callers.map((caller) => [caller.name, ...matrix.callees.map((callee) => cellAt(matrix, caller, callee)?.state)])
}
