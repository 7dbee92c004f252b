import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Serializer } from './serializer.js'

interface Content {
  category?: string
  message?: string
  sanitised?: boolean
  attributes?: Record<string, unknown>
}

/** An event line is the frame plus the content: the same must hold here. */
function written(category: unknown, message: unknown, attributes?: unknown): Content {
  const line = `{"seq":1${new Serializer().content(category, message, attributes)}`
  expect(line).not.toContain('\n')
  return JSON.parse(line) as Content
}

class Money {
  readonly #amount: number
  constructor(amount: number) {
    this.#amount = amount
  }
  toJSON(): string {
    return `${this.#amount} EUR`
  }
}

const cycle: Record<string, unknown> = { name: 'loop' }
cycle['self'] = cycle

const deep: Record<string, unknown> = {}
let inner = deep
for (let i = 0; i < 100; i++) inner = inner['in'] = {} as Record<string, unknown>

const allTrapsThrow = new Proxy(
  {},
  new Proxy(
    {},
    {
      get() {
        throw new Error('trap')
      },
    },
  ),
)

const endless: object = new Proxy(
  {},
  {
    get: (_, key) => (key === 'toJSON' ? undefined : endless),
    ownKeys: () => ['a', 'b'],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }),
  },
)

const throwingGetter = {
  ok: 1,
  get bad(): never {
    throw new Error('getter')
  },
}

describe('attributes', () => {
  test.each([
    ['plain values', { a: 'x', b: 1.5, c: true, d: null, e: false }, { a: 'x', b: 1.5, c: true, d: null, e: false }, false],
    ['escapes', { 'k"\n': 'line\nbreak "quoted" \\ \u0000' }, { 'k"\n': 'line\nbreak "quoted" \\ \u0000' }, false],
    ['undefined is left out', { a: undefined, b: 1 }, { b: 1 }, false],
    ['nested objects and arrays', { a: { b: [1, [2], { c: 3 }] } }, { a: { b: [1, [2], { c: 3 }] } }, false],
    ['holes in arrays', { a: [1, undefined, 3] }, { a: [1, null, 3] }, false],
    ['dates', { at: new Date('2026-01-15T12:00:00Z') }, { at: '2026-01-15T12:00:00.000Z' }, false],
    ['a date that is none', { at: new Date(Number.NaN) }, { at: { $: 'date' } }, true],
    ['numbers that JSON lacks', { a: Number.NaN, b: -Infinity }, { a: 'NaN', b: '-Infinity' }, true],
    ['big integers', { a: 9007199254740993n }, { a: '9007199254740993' }, true],
    ['huge integers', { a: 1n << 5000n }, { a: { $: 'bigint' } }, true],
    ['functions and symbols', { f: () => 1, s: Symbol('s') }, { f: { $: 'function' }, s: { $: 'symbol' } }, true],
    [
      'maps and sets',
      {
        m: new Map<unknown, unknown>([
          ['a', 1],
          [2, { b: 3 }],
        ]),
        s: new Set([1, 'x']),
      },
      { m: { a: 1, '2': { b: 3 } }, s: [1, 'x'] },
      false,
    ],
    ['bytes', { b: new Uint8Array(5), a: new ArrayBuffer(3) }, { b: { $: 'bytes', length: 5 }, a: { $: 'bytes', length: 3 } }, true],
    ['toJSON', { price: new Money(3) }, { price: '3 EUR' }, false],
    [
      'toJSON that throws',
      {
        x: {
          toJSON: () => {
            throw new Error('no')
          },
        },
      },
      { x: { $: 'threw' } },
      true,
    ],
    ['a cycle', { cycle }, { cycle: { name: 'loop', self: { $: 'cycle' } } }, true],
    ['a getter that throws', throwingGetter, { ok: 1, bad: { $: 'threw' } }, true],
    ['a proxy whose traps throw', { p: allTrapsThrow }, { p: { $: 'threw' } }, true],
    ['the same object twice is no cycle', { a: cycle['name'], b: [{ x: 1 }, { x: 1 }] }, { a: 'loop', b: [{ x: 1 }, { x: 1 }] }, false],
    ['a string instead of an object', 'just text', { value: 'just text' }, false],
    ['an array instead of an object', [1, 2], { value: [1, 2] }, false],
    ['keys of the prototype are not taken', Object.create({ inherited: 1 }) as object, undefined, false],
    ['a key called __proto__', JSON.parse('{"__proto__":{"x":1}}') as object, JSON.parse('{"__proto__":{"x":1}}') as object, false],
  ])('%s', (_, attributes, expected, sanitised) => {
    const content = written('cart', 'item added', attributes)

    expect(content).toEqual({
      seq: 1,
      category: 'cart',
      message: 'item added',
      ...(sanitised ? { sanitised } : {}),
      ...(expected === undefined ? {} : { attributes: expected }),
    })
  })

  test('deeper than 16 levels are cut', () => {
    const text = JSON.stringify(written('c', 'm', deep))

    expect(text).toContain('{"$":"depth"}')
    expect(text.split('"in"').length - 1).toBe(16)
  })

  test('more than 128 are cut', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i]))

    const { attributes = {}, sanitised } = written('c', 'm', many)

    expect(Object.keys(attributes)).toHaveLength(129)
    expect(attributes['$']).toBe('too_large')
    expect(sanitised).toBe(true)
  })

  test('an endless proxy ends', () => {
    expect(written('c', 'm', { endless }).sanitised).toBe(true)
  })

  test('the global object and the process are cut to size', () => {
    const text = new Serializer().content('c', 'm', { globalThis, process })

    expect(text.length).toBeLessThan(140_000)
    expect((JSON.parse(`{"seq":1${text}`) as Content).sanitised).toBe(true)
  })

  test('an error keeps name, message, stack, cause and fields of its own', () => {
    const error = Object.assign(new TypeError('no stock', { cause: new Error('db away') }), { code: 'E_STOCK' })

    const { attributes = {}, sanitised } = written('c', 'm', { error })

    expect(attributes['error']).toMatchObject({
      name: 'TypeError',
      message: 'no stock',
      stack: expect.stringContaining('serializer.test'),
      cause: { message: 'db away' },
      code: 'E_STOCK',
    })
    expect(sanitised).toBeUndefined()
  })

  test('an error as message becomes the text, and whole an attribute', () => {
    const { message, attributes } = written('c', new RangeError('too far'), { at: 'home' })

    expect(message).toBe('too far')
    expect(attributes).toMatchObject({ at: 'home', error: { name: 'RangeError' } })
  })
})

describe('size', () => {
  test.each([
    ['a long message', 'x'.repeat(50_000_000), undefined],
    ['control characters', '\u0001'.repeat(100_000), undefined],
    ['wide characters', '支'.repeat(100_000), undefined],
    ['pairs of surrogates', '😀'.repeat(100_000), undefined],
    ['a long attribute', 'm', { a: 'x'.repeat(1_000_000) }],
    ['many long attributes', 'm', Object.fromEntries(Array.from({ length: 128 }, (_, i) => [`k${i}`, '支'.repeat(5_000)]))],
    ['long keys', 'm', { ['k'.repeat(100_000)]: 1 }],
    ['a long array', 'm', { a: Array.from({ length: 1_000_000 }, () => 'item') }],
    ['everything at once', '"'.repeat(200_000), { a: { b: Array.from({ length: 9_999 }, () => ({ c: '\n'.repeat(500) })) } }],
  ])('%s stays below what the collector takes, and says that it was cut', (_, message, attributes) => {
    const text = new Serializer().content('c'.repeat(10_000), message, attributes)

    expect(new TextEncoder().encode(text).length).toBeLessThan(220_000)
    expect((JSON.parse(`{"seq":1${text}`) as Content).sanitised).toBe(true)
  })

  test('a message of 64 KiB is kept whole', () => {
    const message = 'x'.repeat(65_534)

    expect(written('c', message)).toEqual({ seq: 1, category: 'c', message })
  })

  test('a cut message tells how long it was and holds no half character', () => {
    const { message = '' } = written('c', '😀'.repeat(40_000))

    expect(message).toMatch(/… \[cut: 80000 characters\]$/)
    expect(message).not.toMatch(/\p{Surrogate}/u)
  })
})

describe('whatever comes', () => {
  const anything = fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  })
  const known: unknown[] = [cycle, deep, allTrapsThrow, endless, throwingGetter, new Money(1), Symbol.iterator, () => 1, new Error('e')]
  known.push(/x/, new WeakMap(), Promise.resolve(1))
  // fast-check looks into the values that it makes, so the hostile ones are made later.
  const hostile = fc.oneof(
    { weight: 4, arbitrary: anything.map((value) => () => value) },
    fc.nat(known.length - 1).map((index) => () => known[index]),
    fc.anything().map((value) => () => ({
      get a(): unknown {
        throw value
      },
    })),
    fc.anything().map((value) => () => ({ toJSON: () => value })),
    fc.anything().map((value) => () => new Proxy({ value }, { get: () => value, ownKeys: () => [String(value), 'value'] })),
    fc.array(fc.string({ unit: 'binary' })).map((keys) => () => Object.fromEntries(keys.map((key) => [key, key]))),
  )

  test('200,000 calls: none throws, each gives JSON of one line', { timeout: 120_000 }, () => {
    const serializer = new Serializer()
    const samples = fc.sample(fc.tuple(hostile, hostile, hostile), { numRuns: 20_000, seed: 20_260_115 })
    let calls = 0
    for (const made of samples) {
      const [a, b, c] = made.map((make) => make())
      // Each argument in each place, and plain ones beside it, so that both ways are taken.
      for (const [category, message, attributes] of [
        [a, b, c],
        [b, c, a],
        [c, a, b],
        ['c', 'm', a],
        ['c', 'm', b],
        ['c', 'm', c],
        ['c', a, undefined],
        ['c', a, { b }],
        [a, 'm', { c }],
        ['c', b, { a, c }],
      ]) {
        const text = serializer.content(category, message, attributes)
        calls++
        if (text.includes('\n')) throw new Error(`a line break: ${text}`)
        JSON.parse(`{"seq":1${text}`)
      }
    }

    expect(calls).toBe(200_000)
  })

  test('plain attributes read back as JSON.stringify would give them', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.dictionary(
          fc.string({ unit: 'binary' }),
          fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
          { maxKeys: 20 },
        ),
        (message, attributes) => {
          const content = written('cart', message, attributes)
          const expected: unknown = JSON.parse(JSON.stringify({ message, attributes }))

          expect({ message: content.message, attributes: content.attributes ?? {} }).toEqual(expected)
        },
      ),
      { numRuns: 500 },
    )
  })
})
