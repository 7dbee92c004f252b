import { expect, test } from 'vitest'
import { chainOf, placeName, readPlace, relationWords } from './relation-words'

const at = (span: string, n: number) => ({ span, n })

test('reads the name of a line, and knows one without a number', () => {
  expect(readPlace('00f067aa0ba902b7:7')).toEqual(at('00f067aa0ba902b7', 7))
  expect(readPlace('12-3-4')).toBeUndefined()
  expect(placeName(at('00f067aa0ba902b7', 7))).toBe('00f067aa0ba902b7:7')
})

test('tells a chain of edges as the lines that it leads through', () => {
  const chain = chainOf([
    { by: 'hop', from: at('a', 1), to: at('a', 2) },
    { by: 'hop', from: at('a', 2), to: at('a', 3) },
    { by: 'call', from: at('a', 3), to: at('b', 1) },
    { by: 'hop', from: at('b', 1), to: at('b', 4) },
  ])
  expect(chain.map(({ by, place }) => [by, placeName(place)])).toEqual([
    [undefined, 'a:1'],
    ['hop', 'a:3'],
    ['call', 'b:1'],
    ['hop', 'b:4'],
  ])
  expect(chainOf([])).toEqual([])
})

test('the earlier line is named first, whichever was selected first', () => {
  expect(relationWords('before', '“asked”', '“answered”')).toBe('“asked” happened before “answered”.')
  expect(relationWords('after', '“answered”', '“asked”')).toBe('“asked” happened before “answered”.')
  expect(relationWords('concurrent', '“asked”', '“answered”')).toContain('“asked” or “answered”')
})
