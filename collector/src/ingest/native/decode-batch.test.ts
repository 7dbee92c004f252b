import { FLAG } from '@groundtrack/db'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ApiError } from '../../errors.js'
import { INGEST_LIMITS } from '../limits.js'
import { decodeBatch, type DecodedBatch } from './decode-batch.js'
import { listStoredRows } from './stored-rows.test-kit.js'

const RECEIVED_MS = Date.parse('2026-01-15T12:00:00Z')
const CONTEXT = { projectId: 1, receivedMs: RECEIVED_MS, retentionMs: 7 * 86_400_000, limits: INGEST_LIMITS }
const SESSION = '0193aaaa00001111222233334444abcd'
const SPAN = '00f067aa0ba902b7'
const CALLEE = 'f0f067aa0ba902b7'
const NODE = { id: '6f1c1f0e-2b51-4a7e-9d6c-3f7c0a5e1c01', service: 'cart' }

function header(count: number, first = 0): string {
  return JSON.stringify({ v: 1, producer: NODE.id, epoch: 1, first, last: first + count - 1, node: NODE })
}

function decode(lines: readonly string[]): DecodedBatch {
  const batch = decodeBatch(Buffer.from([header(lines.length), ...lines].join('\n')), CONTEXT)
  if (!batch) throw new Error('nothing decoded')
  return batch
}

function decodeEvents(events: readonly Record<string, unknown>[]): DecodedBatch {
  return decode(events.map((event, seq) => JSON.stringify({ seq, session: SESSION, span: SPAN, time: RECEIVED_MS + seq, ...event })))
}

test('a hop’s events become one part: opened, closed, numbered, with its name, properties and first error', () => {
  const { sink } = decodeEvents([
    { clock: [3, 1], kind: 'open', name: 'GET /cart/:id', parent: CALLEE, call: SPAN, remainingMs: 950, properties: { a: 1 } },
    { clock: [3, 2], level: 'error', message: 'first' },
    { clock: [3, 3], level: 'critical', message: 'second' },
    { clock: [3, 4], kind: 'set', key: 'b', value: null },
    { clock: [3, 5], kind: 'close', status: 'error', reason: 'timeout' },
  ])

  expect([...sink.hops.values()]).toEqual([
    expect.objectContaining({
      session: SESSION,
      own: true,
      opened: { micros: RECEIVED_MS * 1000 },
      closed: { micros: (RECEIVED_MS + 4) * 1000, number: 5, status: 1, reason: 'timeout' },
      parent: CALLEE,
      callSpan: SPAN,
      events: 5,
      numbered: 5,
      errors: 2,
      firstNumber: 1,
      lastNumber: 5,
      path: [3],
      name: 'GET /cart/:id',
      firstError: 'first',
      properties: { a: 1, b: null },
      detail: { remainingMs: 950 },
    }),
  ])
})

test('a return edge names the hop it came from, with at least as many events', () => {
  const callee = { span: CALLEE, last: 7 }
  const { sink } = decodeEvents([{ clock: [4], kind: 'return', call: SPAN, status: 'ok', callee }])

  expect(sink.hops.get(CALLEE)).toMatchObject({ own: false, atLeast: 7, events: 0, span: String(BigInt.asIntN(64, 0xf0f067aa0ba902b7n)) })
  expect(listStoredRows(sink)[0]?.detail).toBe(JSON.stringify({ call: SPAN, status: 'ok', callee }))
})

test('two sessions may use the same span', () => {
  const other = SESSION.replace('a', 'b')
  const { sink } = decodeEvents([{}, { session: other }, {}])

  expect([...sink.hops.values()].map(({ session, events }) => [session, events])).toEqual([
    [SESSION, 2],
    [other, 1],
  ])
})

test('every event counts once under its minute and level', () => {
  const { sink } = decodeEvents([{}, { level: 'error' }, { time: RECEIVED_MS - 60_000 }, { time: 0 }])

  expect([...sink.counts.values()]).toEqual([1, 1, 1, 1])
})

const anyLine = fc.oneof(
  fc.string(),
  fc.json({ maxDepth: 40 }),
  fc.jsonValue().map((value) => JSON.stringify({ seq: 1, attributes: value })),
  fc
    .record({
      message: fc.anything(),
      level: fc.anything(),
      time: fc.double(),
      kind: fc.constantFrom('open', 'close', 'call', 'return', 'set', 'breaker', 'x'),
    })
    .map((event) => safeJson({ seq: 1, ...event })),
  fc
    .record({
      session: fc.constantFrom(SESSION, '', 5),
      span: fc.constantFrom(SPAN, 'x', undefined),
      clock: fc.anything(),
      callee: fc.anything(),
      properties: fc.anything(),
      kind: fc.constantFrom('open', 'return', 'set'),
      key: fc.string(),
      value: fc.anything(),
    })
    .map((event) => safeJson({ seq: 1, ...event })),
  fc
    .string({ unit: 'binary' })
    .map((text) => `{"seq":1,"message":${JSON.stringify(text)},"attributes":{${JSON.stringify(text)}:"\\ud800\\u0000"}}`),
)

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return '{"seq":1,"cyclic":true}'
  }
}

test('whatever stands between two events, both are kept, and it is stored or rejected under its own number', () => {
  fc.assert(
    fc.property(anyLine, (text) => {
      const line = text.replaceAll('\n', ' ')
      const event = (seq: number) => JSON.stringify({ seq, message: `neighbour ${seq}` })
      const body = Buffer.from([header(3), event(0), line, event(2)].join('\n'))

      const batch = decodeOrRefuse(body)

      if (batch === 'bad_sequence') return
      const rows = listStoredRows(batch.sink)
      expect(rows.filter(({ message }) => message?.startsWith('neighbour')).map(({ seq }) => seq)).toEqual(['0', '2'])
      expect(rows.length + batch.rejected.length).toBe(3)
      expect(batch.rejected.every(({ seq, line: at }) => seq === 1 && at === 3)).toBe(true)
      for (const row of rows) {
        const columns = [row.category, row.message, row.attributes, row.detail].map((column) => column ?? '')
        expect(columns.every((column) => column.isWellFormed() && !/\0|\\u0000/.test(column.replaceAll('\\\\', '')))).toBe(true)
      }
    }),
    { numRuns: 3_000 },
  )
})

/** A line that is an object with another number than it owns makes the whole batch a lie: the only way to lose the neighbours. */
function decodeOrRefuse(body: Buffer): DecodedBatch | 'bad_sequence' {
  try {
    const batch = decodeBatch(body, CONTEXT)
    if (!batch) throw new Error('nothing decoded')
    return batch
  } catch (error) {
    if (error instanceof ApiError && error.code === 'bad_sequence') return 'bad_sequence'
    throw error
  }
}

test('any bytes are decoded or refused with a code, and never thrown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, withHeader) => {
      const body = withHeader ? Buffer.concat([Buffer.from(`${header(2)}\n`), bytes]) : Buffer.from(bytes)
      try {
        decodeBatch(body, CONTEXT)
      } catch (error) {
        expect(error).toBeInstanceOf(ApiError)
      }
    }),
    { numRuns: 3_000 },
  )
})

test('duplicate keys are seen wherever they stand, and nothing else is taken for one', () => {
  const keys = fc.string({ minLength: 1 })
  fc.assert(
    fc.property(fc.dictionary(keys, fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true }), keys, (attributes, key) => {
      const json = JSON.stringify(attributes)
      const once = decode([`{"seq":0,"attributes":{"inner":${json}}}`])
      const twice = decode([`{"seq":0,"attributes":{"inner":${json},"o":{${JSON.stringify(key)}:1,${JSON.stringify(key)}:2}}}`])

      const flags = [once, twice].map(({ sink }) => Number(listStoredRows(sink)[0]?.flags) & FLAG.duplicateKeys)
      expect(flags).toEqual([0, FLAG.duplicateKeys])
    }),
  )
})
