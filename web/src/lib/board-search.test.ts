import { expect, test } from 'vitest'
import { readBoardSearch, readMapSearch, readPair } from './board-search'

test('reads a link to the board, and drops what it does not know', () => {
  const b = '0123456789abcdef0123456789abcdef'

  expect(
    readBoardSearch({ q: 'cart', env: 'demo', state: 'gone', b, pair: 'checkout>payments', view: 'breakers', gone: '1', live: '0' }),
  ).toEqual({
    q: 'cart',
    env: 'demo',
    state: 'gone',
    b,
    pair: 'checkout>payments',
    view: 'breakers',
    gone: '1',
    live: '0',
  })
  expect(readBoardSearch({ state: 'fine', b: '../x', pair: 'checkout>', view: 'all', live: '1' })).toEqual({})
})

test('reads a link to the map at a moment, now, or over the whole time', () => {
  expect(readMapSearch({ from: '6h', at: '2026-01-15T12:00:00Z', show: 'cart' })).toEqual({
    from: '6h',
    at: '2026-01-15T12:00:00Z',
    show: 'cart',
  })
  expect(readMapSearch({ at: 'now' })).toEqual({ at: 'now' })
  expect(readMapSearch({ at: 'yesterday' })).toEqual({})
})

test('reads two ends of a call', () => {
  expect(readPair('checkout>payments')).toEqual({ caller: 'checkout', callee: 'payments' })
  expect([readPair('checkout'), readPair('>payments'), readPair(undefined)]).toEqual([undefined, undefined, undefined])
})
