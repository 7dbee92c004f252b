import { expect, test } from 'vitest'
import { whiskerSpans } from './whisker-spans'

test('joins the whiskers of a bar that is shorter than they are', () => {
  expect(whiskerSpans([10, 100], 5)).toEqual([
    { from: 5, to: 15 },
    { from: 95, to: 105 },
  ])
  expect(whiskerSpans([12, 10], 5)).toEqual([{ from: 5, to: 17 }])
  expect(whiskerSpans([], 5)).toEqual([])
})
