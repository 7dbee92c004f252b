import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatBaggage, parseBaggage } from './baggage.js'

const LONE_SURROGATE = /\p{Surrogate}/u

function properties(header: string): Record<string, unknown> {
  return Object.fromEntries([...parseBaggage(header, true).properties].map(([key, json]) => [key, JSON.parse(json) as unknown]))
}

describe('reading', () => {
  test.each([
    ['a number', 'myapp%3Auser_id=42', { 'myapp:user_id': 42 }],
    ['a bare string', 'user=alice', { user: 'alice' }],
    ['a quoted string', 'user=%2242%22', { user: '42' }],
    ['an object', 'cart=%7B%22items%22%3A%5B1%2C2%5D%7D', { cart: { items: [1, 2] } }],
    ['spaces around', ' a = 1 , b = 2 ', { a: 1, b: 2 }],
    ['an equals sign in the value', 'a=b=c', { a: 'b=c' }],
    ['empty values', 'a=', { a: '' }],
    ['line breaks in JSON', 'a=%7B%0A%22b%22%3A1%0A%7D', { a: { b: 1 } }],
    ['what is broken is left out', 'a=%zz,b=1,=3,c d=4,"e"=5,f', { b: 1 }],
    ['prototypes are safe', '__proto__=1', JSON.parse('{"__proto__":1}') as object],
    ['too long to read', `a=${'x'.repeat(9_000)}`, {}],
    ['missing', '', {}],
  ])('%s', (_, header, expected) => {
    expect(properties(header)).toEqual(expected)
  })

  test('nothing that a property holds breaks a line or nests without end', () => {
    const { properties: read } = parseBaggage(`a=${'%5B'.repeat(2_000)}${'%5D'.repeat(2_000)},b=%22%0A%22,c=%0A1%0A`, true)

    expect([...read.values()].join('')).not.toContain('\n')
    expect(read.get('a')?.split('[').length ?? 0).toBeLessThan(20)
  })

  test('members with metadata and unknown ones of ours are passed on as they came', () => {
    const { foreign, properties: read } = parseBaggage('a=1;secret=yes,gt-newer=x%3Dy,b=2', true)

    expect(foreign).toEqual(['a=1;secret=yes', 'gt-newer=x%3Dy'])
    expect([...read.keys()]).toEqual(['b'])
  })

  test.each([
    ['250', 250],
    ['12.5', 12.5],
    ['99999999999', undefined],
    ['9999999999', 2147483647],
    ['-1', undefined],
    ['1e9', undefined],
    ['NaN', undefined],
  ])('a budget of %s', (text, expected) => {
    expect(parseBaggage(`gt-budget-ms=${text}`, false).budgetMs).toBe(expected)
  })

  test('a stranger gives a deadline, and nothing else', () => {
    const header = 'gt-budget-ms=250,gt-level=debug,user=mallory,a=1;b,gt-newer=x'

    expect(parseBaggage(header, false)).toEqual({ properties: new Map(), foreign: [], budgetMs: 250 })
    expect(parseBaggage(header, true)).toMatchObject({ level: 'debug', foreign: ['a=1;b', 'gt-newer=x'] })
  })
})

describe('writing', () => {
  test('stops at 4 KiB, counts what stays behind, and goes on with what still fits', () => {
    const many = new Map([
      ['big', JSON.stringify('x'.repeat(5_000))],
      ...Array.from({ length: 3 }, (_, i): [string, string] => [`k${i}`, String(i)]),
    ])

    const { header, left } = formatBaggage(['gt-environment=sandbox'], many, ['f=1'])

    expect(header).toBe('gt-environment=sandbox,k0=0,k1=1,k2=2,f=1')
    expect(left).toBe(1)
  })

  test('what is written is read back', () => {
    const property = fc.tuple(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((key) => !LONE_SURROGATE.test(key) && !key.startsWith('gt-')),
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 50 }).filter((text) => !LONE_SURROGATE.test(text)),
        fc.jsonValue({ maxDepth: 2 }),
      ),
    )
    fc.assert(
      fc.property(fc.uniqueArray(property, { maxLength: 5, selector: ([key]) => key }), (pairs) => {
        const { header, left } = formatBaggage([], new Map(pairs.map(([key, value]) => [key, JSON.stringify(value)])), [])

        expect(header).toMatch(/^[\x21-\x7e]*$/)
        if (left === 0) expect(properties(header)).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(pairs))))
      }),
      { numRuns: 500 },
    )
  })

  test('no text makes reading throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, trusted) => {
        expect(parseBaggage(text, trusted).budgetMs).toBeUndefined()
      }),
    )
  })
})
