import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openProjectReader, searchEvents, type StoredEvent } from '@groundtrack/db'
import { loadNodes } from '../src/query/load-summaries.js'
import { parseQuery } from '../src/query/language/parse-query.js'
import { evaluate } from '../src/tail/evaluate.js'
import { selectMatches } from '../src/tail/match.js'
import { aNode, aSession, NOW_MS, openTestApp, TestHop, type TestApp } from './query.test-kit.js'

let tested: TestApp
const NODES = [aNode('cart'), aNode('checkout', 'production')]
const WORDS = ['order', 'Order paid', 'ÜBERGABE', 'übergabe', 'K', '\u212a', '100%', 'a_b', '']
const VALUES = [17, 17.5, -0, 1e21, '17', '', 'Order', true, null, { deep: 1 }, [1], 2 ** 53]

beforeAll(async () => {
  tested = await openTestApp()
  for (const node of NODES) {
    const hop = new TestHop(aSession())
    const lines = WORDS.map((message, i) => {
      const attributes = { 'order.id': VALUES[i % VALUES.length], other: VALUES[(i + 4) % VALUES.length] }
      return hop.line({ message, level: ['debug', 'info', 'error'][i % 3], category: i % 2 === 0 ? 'db' : 'http', attributes })
    })
    const ends = [
      hop.line({ kind: 'set', key: 'shop:order', value: 17 }),
      hop.line({ kind: 'return', call: '00f067aa0ba902b7', status: 'timeout' }),
      hop.close('error'),
    ]
    await tested.send(node, [hop.open('POST /orders'), ...lines, ...ends])
    await tested.send(node, [{ message: 'listening', time: NOW_MS, attributes: { 'shop:order': 17 } }])
  }
})
afterAll(() => tested.close())

const value = fc.constantFrom(
  '17',
  '"17"',
  '17.0',
  '1e21',
  'true',
  'Order',
  'o*',
  '"',
  'error',
  'timeout',
  '*',
  '>=17',
  '<17.5',
  '>1',
  'cart',
  'c*',
  'db',
)
const field = fc.constantFrom(
  'order.id',
  'other',
  '"shop:order"',
  'service',
  'environment',
  'version',
  'level',
  'category',
  'kind',
  'status',
  'span',
  'node',
  'outcome',
  'name',
  'missing',
)
const word = fc.constantFrom(
  'order',
  'ORDER',
  'Übergabe',
  'übergabe',
  'k',
  '"100%"',
  'a_b',
  '"a b"',
  'kind:close',
  'kind:set',
  'level:>=warn',
  'level:info',
)
const term = fc.oneof(
  word,
  fc.tuple(field, value).map(([name, text]) => `${name}:${text}`),
)
const query = fc
  .array(fc.tuple(fc.constantFrom('', '-'), term, fc.constantFrom(' ', ' OR ', ' AND ')), { minLength: 1, maxLength: 4 })
  .map((terms) => terms.map(([sign, text, join], i) => `${sign}${text}${i < terms.length - 1 ? join : ''}`).join(''))

test('what a tail tells is what a search finds', async () => {
  const reader = openProjectReader(tested.db.follow, 1)
  const now = new Date(NOW_MS)
  const everything = { from: null, to: null, now, limit: 1_000 }
  const events = await searchEvents(reader, { ...everything, filter: { all: [] } })
  const nodes = await loadNodes(
    reader,
    events.map(({ nodeId }) => nodeId),
  )
  expect(events).toHaveLength(2 * (WORDS.length + 5))
  let told = 0
  let open = 0

  await fc.assert(
    fc.asyncProperty(query, async (text) => {
      const filter = readOrNull(text)
      if (filter === null) return
      const candidates = events.map((event) => ({ event, node: nodes.get(event.nodeId) }))
      for (const candidate of candidates) if (evaluate(filter, candidate) === 'database') open++

      const matches = await selectMatches(reader, filter, candidates, now)

      const found = await searchEvents(reader, { ...everything, filter })
      expect(matches.map(({ event }) => keyOf(event))).toEqual(found.map(keyOf))
      told += matches.length
    }),
    { numRuns: 150 },
  )
  // Neither nothing at all, nor all of it by asking.
  expect(told).toBeGreaterThan(100)
  expect(open).toBeLessThan(150 * events.length * 0.5)
})

function readOrNull(text: string) {
  try {
    return parseQuery(text)
  } catch {
    return null
  }
}

function keyOf({ flushId, ordinal }: StoredEvent): string {
  return `${flushId}-${ordinal}`
}
