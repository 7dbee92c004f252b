import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addTerm, both, hasTerm, removeTerm, term, tokenizeQuery, toggleTerm } from './query-tokens'

const kinds = (query: string) => tokenizeQuery(query).map(({ kind, text }) => [kind, text])

test('tells fields, values, phrases, words, operators and signs apart', () => {
  expect(kinds('service:cart -level:>=warn "timed out" AND boom')).toEqual([
    ['field', 'service:'],
    ['value', 'cart'],
    ['space', ' '],
    ['minus', '-'],
    ['field', 'level:'],
    ['value', '>=warn'],
    ['space', ' '],
    ['phrase', '"timed out"'],
    ['space', ' '],
    ['operator', 'AND'],
    ['space', ' '],
    ['word', 'boom'],
  ])
})

test('reads a quoted field name with a colon, a quoted value and parentheses', () => {
  expect(kinds('("myapp:user_id":42 name:"GET /cart")')).toEqual([
    ['paren', '('],
    ['field', '"myapp:user_id":'],
    ['value', '42'],
    ['space', ' '],
    ['field', 'name:'],
    ['value', '"GET /cart"'],
    ['paren', ')'],
  ])
})

test('joins to what was written, whatever was written', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '"', ':', ' ', '(', ')', '-', '\\', '>', 'O', 'R', 'é') }), (query) => {
      const tokens = tokenizeQuery(query)
      expect(tokens.map((token) => token.text).join('')).toBe(query)
      expect(tokens.every((token) => token.text !== '' && query.startsWith(token.text, token.start))).toBe(true)
    }),
  )
})

test('adds a term once and takes it away again', () => {
  const added = addTerm('boom', 'service:cart')
  expect(added).toBe('boom service:cart')
  expect(addTerm(added, 'service:cart')).toBe(added)
  expect(hasTerm(added, 'service:cart')).toBe(true)
  expect(removeTerm(added, 'service:cart')).toBe('boom')
})

test('quotes what the language would read otherwise', () => {
  expect(term('service', 'cart')).toBe('service:cart')
  expect(term('name', 'GET /cart')).toBe('name:"GET /cart"')
  expect(term('myapp:user_id', '42')).toBe('"myapp:user_id":42')
  expect(term('message', 'say "hi"')).toBe(String.raw`message:"say \"hi\""`)
})

test('puts an alternative into parentheses before it is narrowed', () => {
  expect(both('a OR b', 'environment:demo')).toBe('(a OR b) environment:demo')
  expect(both('', 'environment:demo')).toBe('environment:demo')
})

test('a toggled term comes, turns into its opposite, and goes', () => {
  const with17 = toggleTerm('level:error', 'sku:A-17', false)
  expect(with17).toBe('level:error sku:A-17')
  const without17 = toggleTerm(with17, 'sku:A-17', true)
  expect(without17).toBe('level:error -sku:A-17')
  expect(toggleTerm(without17, 'sku:A-17', true)).toBe('level:error')
  expect(toggleTerm('lost OR late', 'sku:A-17', false)).toBe('(lost OR late) sku:A-17')
  expect(toggleTerm('(lost OR late) count:1', 'sku:A-17', false)).toBe('(lost OR late) count:1 sku:A-17')
})
