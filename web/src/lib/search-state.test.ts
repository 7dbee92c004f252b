import { expect, test } from 'vitest'
import { changeSearch, parseSearch, readListSearch, readSessionSearch, readZoom, stringifySearch } from './search-state'

test('reads a list link, and drops what it does not know', () => {
  expect(readListSearch({ q: 'service:cart', from: '6h', sort: 'duration', other: 'x', to: '' })).toEqual({
    q: 'service:cart',
    from: '6h',
    sort: 'duration',
  })
  expect(readListSearch({ sort: 'colour' })).toEqual({})
})

test('reads a session link', () => {
  expect(readSessionSearch({ e: '00f067aa0ba902b7:7', order: 'cause', all: '1', zoom: '10-20.5' })).toEqual({
    e: '00f067aa0ba902b7:7',
    order: 'cause',
    all: '1',
    zoom: '10-20.5',
  })
  expect(readSessionSearch({ order: 'tree', all: 'yes', zoom: '20-10' })).toEqual({})
})

test('reads a stretch of time, also one that starts before the session', () => {
  expect(readZoom('-5-20')).toEqual([-5, 20])
  expect(readZoom('20-20')).toBeUndefined()
  expect(readZoom(undefined)).toBeUndefined()
})

test('writes links that can be read and typed', () => {
  const search = { q: 'service:cart level:>=warn', e: '00f067aa0ba902b7:7', none: undefined }
  expect(stringifySearch(search)).toBe('?q=service:cart+level:%3E%3Dwarn&e=00f067aa0ba902b7:7')
  expect(parseSearch(stringifySearch(search))).toEqual({ q: search.q, e: search.e })
  expect(stringifySearch({})).toBe('')
})

test('takes a part of a link away', () => {
  expect(changeSearch({ q: 'boom', from: '6h' }, { q: undefined })).toEqual({ from: '6h' })
})
