import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseQuery } from './parse-query.js'
import { QuerySyntaxError } from './terms.js'

function syntaxErrorAt(text: string): number | null {
  try {
    parseQuery(text)
    return null
  } catch (error) {
    if (error instanceof QuerySyntaxError) return error.at
    throw error
  }
}

describe('terms', () => {
  test.each([
    ['', { all: [] }],
    ['  *  ', { all: [] }],
    ['timeout', { field: 'message', contains: 'timeout' }],
    ['time*', { field: 'message', contains: 'time' }],
    ['"connection refused"', { field: 'message', contains: 'connection refused' }],
    ['"say \\"hi\\" \\\\ now"', { field: 'message', contains: 'say "hi" \\ now' }],
    ['service:cart', { field: 'service', match: { equals: 'cart' } }],
    ['service:ca*', { field: 'service', match: { prefix: 'ca' } }],
    ['service:"ca*"', { field: 'service', match: { equals: 'ca*' } }],
    ['version:*', { field: 'version', match: 'present' }],
    ['level:error', { field: 'level', from: 17, to: 21 }],
    ['level:>=WARN', { field: 'level', from: 13, to: 1_000 }],
    ['level:>info', { field: 'level', from: 13, to: 1_000 }],
    ['level:<warn', { field: 'level', from: 0, to: 13 }],
    ['level:<=warn', { field: 'level', from: 0, to: 17 }],
    ['kind:close', { field: 'kind', code: 2 }],
    ['status:timeout', { field: 'status', status: 'timeout' }],
    ['duration:>1.5s', { field: 'durationMs', compare: '>', number: 1_500 }],
    ['duration:<=20', { field: 'durationMs', compare: '<=', number: 20 }],
    ['missing:>0', { field: 'missing', compare: '>', number: 0 }],
    ['services:3', { field: 'services', compare: '=', number: 3 }],
    ['services:cart', { field: 'services', match: { equals: 'cart' } }],
    ['trace:019BC1D1-C000-7000-8000-000000000001', { field: 'session', session: '019bc1d1c00070008000000000000001' }],
    ['breaker:half_open', { field: 'breaker', state: 'half_open' }],
    ['over_budget:false', { field: 'overBudget', is: false }],
    ['http.status:>=500', { field: 'attribute', name: 'http.status', compare: '>=', number: 500 }],
    ['"myapp:user_id":42', { field: 'attribute', name: 'myapp:user_id', match: { equals: '42' }, number: 42 }],
    ['"myapp:user_id":"42"', { field: 'attribute', name: 'myapp:user_id', match: { equals: '42' }, number: null }],
    ['url:http://a/b?c=d', { field: 'attribute', name: 'url', match: { equals: 'http://a/b?c=d' }, number: null }],
  ])('%s', (text, filter) => {
    expect(parseQuery(text)).toEqual(filter)
  })
})

describe('combinations', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((contains) => ({ field: 'message' as const, contains }))
  test.each([
    ['a b c', { all: [a, b, c] }],
    ['a AND b', { all: [a, b] }],
    ['a OR b c', { any: [a, { all: [b, c] }] }],
    ['(a OR b) c', { all: [{ any: [a, b] }, c] }],
    ['-a b', { all: [{ not: a }, b] }],
    ['-(a OR b)', { not: { any: [a, b] } }],
    ['a (b c)', { all: [a, b, c] }],
    [
      'android ORacle',
      {
        all: [
          { field: 'message', contains: 'android' },
          { field: 'message', contains: 'ORacle' },
        ],
      },
    ],
    ['a - b', { all: [a, { field: 'message', contains: '-' }, b] }],
  ])('%s', (text, filter) => {
    expect(parseQuery(text)).toEqual(filter)
  })
})

describe('a syntax error names its position', () => {
  test.each([
    ['"open', 0],
    ['a (b', 2],
    ['a)', 1],
    ['a AND', 5],
    ['OR a', 0],
    ['a OR OR b', 5],
    ['service:', 8],
    ['level:loud', 6],
    ['level:>=', 8],
    ['a service:>1', 11],
    ['kind:nothing', 5],
    ['outcome:fine', 8],
    ['duration:long', 9],
    ['span:12', 5],
    ['session:12', 8],
    ['sku:>many', 5],
    ['a breaker:ajar', 10],
    ['over_budget:maybe', 12],
    ['over_budget:>true', 13],
    ['nul \0', 4],
    [`${'('.repeat(40)}a`, 33],
    ['x'.repeat(2_001), 2_000],
    ['a '.repeat(65), 128],
  ])('%j', (text, at) => {
    expect(syntaxErrorAt(text)).toBe(at)
  })
})

test('whatever is typed parses or has a syntax error within it', () => {
  const pieces = fc.constantFrom(
    'a',
    'service',
    ':',
    '"',
    '\\',
    '(',
    ')',
    '-',
    '*',
    '>',
    '<',
    '=',
    ' ',
    'AND',
    'OR',
    'level',
    '42',
    'ms',
    "'",
    ';',
    '$1',
    '%',
    '_',
    'é',
    '\u{1F600}',
  )
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const at = syntaxErrorAt(text)
      expect(at === null || (at >= 0 && at <= text.length)).toBe(true)
    }),
    { numRuns: 5_000 },
  )
})
