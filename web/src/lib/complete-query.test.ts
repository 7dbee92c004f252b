import type { FieldList } from '@groundtrack/collector/api'
import { expect, test } from 'vitest'
import { completeQuery } from './complete-query'

const FIELDS: FieldList['items'] = [
  { name: 'service', kind: 'event', values: [{ value: 'cart', events: 7 }, { value: 'checkout', events: 3 }, { value: 'mail relay', events: 1 }] }, // prettier-ignore
  { name: 'level', kind: 'event', values: [{ value: 'warn', events: 2 }] },
  { name: 'shop:order', kind: 'attribute', events: 5 },
]
const complete = (query: string, caret = query.length) => completeQuery(query, caret, FIELDS).map((each) => [each.label, each.query])

test('completes the name of a field, and quotes one with a colon', () => {
  expect(complete('boom S')).toEqual([
    ['service', 'boom service:'],
    ['shop:order', 'boom "shop:order":'],
  ])
})

test('offers the values of a field right behind its colon, and those that begin as typed', () => {
  expect(complete('service:').map(([label]) => label)).toEqual(['cart', 'checkout', 'mail relay'])
  expect(complete('-service:c')).toEqual([
    ['cart', '-service:cart'],
    ['checkout', '-service:checkout'],
  ])
  expect(complete('service:m')).toEqual([['mail relay', 'service:"mail relay"']])
})

test('keeps a comparison, and what stands behind the caret', () => {
  expect(complete('level:>=w')).toEqual([['warn', 'level:>=warn']])
  expect(complete('service:ca boom', 10)).toEqual([['cart', 'service:cart boom']])
})

test('offers nothing at an empty place, within a phrase, or for what is complete', () => {
  expect(complete('')).toEqual([])
  expect(complete('boom ')).toEqual([])
  expect(complete('"serv')).toEqual([])
  expect(complete('service:cart')).toEqual([])
})
