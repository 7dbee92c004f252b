import { expect, test } from 'vitest'
import { anEvent } from './session-view.test-kit'
import { whereSet } from './where-set'

test('a property was set by its last set line, else by the first opening that knew it', () => {
  const rows = [
    anEvent('front', 1, { kind: 'open', properties: { user: 42 } }),
    undefined,
    anEvent('cart', 1, { kind: 'open', service: 'cart', properties: { user: 42 } }),
    anEvent('cart', 2, { kind: 'set', service: 'cart', key: 'basket', value: 'b1' }),
    anEvent('cart', 3, { kind: 'set', service: 'cart', key: 'basket', value: 'b2' }),
    anEvent('cart', 4, { kind: 'set', service: 'cart', key: 'gone', value: 1 }),
  ]
  const where = whereSet(rows, { user: 42, basket: 'b2' })
  expect([...where].map(([name, { service, line }]) => [name, service, line])).toEqual([
    ['user', 'storefront', 'front:1'],
    ['basket', 'cart', 'cart:3'],
  ])
})
