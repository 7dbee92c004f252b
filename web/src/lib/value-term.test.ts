import { expect, test } from 'vitest'
import { valueTerm } from './value-term'

test('a value becomes a term of the search language, quoted where it has marks of the language', () => {
  expect(valueTerm('sku', 'A-17')).toBe('sku:A-17')
  expect(valueTerm('count', 42)).toBe('count:42')
  expect(valueTerm('retried', false)).toBe('retried:false')
  expect(valueTerm('myapp:user_id', 'ada lovelace')).toBe('"myapp:user_id":"ada lovelace"')
  expect(valueTerm('said', 'it is "so"')).toBe(String.raw`said:"it is \"so\""`)
  expect(valueTerm('errno', -104)).toBe('errno:"-104"')
})

test('a value that ends in a star is meant as it stands, not as a beginning', () => {
  expect(valueTerm('pattern', 'cart*')).toBe('pattern:"cart*"')
})

test('what no search can find is no term', () => {
  expect(valueTerm('level', 'high')).toBeUndefined()
  expect(valueTerm('status', 'open')).toBeUndefined()
  expect(valueTerm('status', 502)).toBe('status:502')
  expect(valueTerm('cause', null)).toBeUndefined()
  expect(valueTerm('stack', 'Error: no\n    at cart.js:1')).toBeUndefined()
  expect(valueTerm('body', 'x'.repeat(301))).toBeUndefined()
})
