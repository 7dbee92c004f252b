import { expect, test } from 'vitest'
import { bracketAt } from './brackets'
import { anEvent } from './session-view.test-kit'

const rows = [anEvent('front', 1), anEvent('cart', 1, { concurrent: true }), anEvent('stock', 1, { concurrent: true }), anEvent('front', 2)]

test('holds neighbours together that nobody can put in order', () => {
  expect([0, 1, 2, 3].map((index) => bracketAt(rows, [0, 1, 2, 3], index))).toEqual(['first', 'middle', 'last', undefined])
})

test('does not reach over lines that are hidden', () => {
  expect([0, 1].map((index) => bracketAt(rows, [0, 2], index))).toEqual([undefined, undefined])
})
