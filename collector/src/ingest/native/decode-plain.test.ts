import fc from 'fast-check'
import { expect, test } from 'vitest'
import { INGEST_LIMITS } from '../limits.js'
import { decodeBatch } from './decode-batch.js'
import { PlainDecoder } from './decode-plain.js'
import { newEventSink } from './event-sink.js'
import { listStoredRows } from './stored-rows.test-kit.js'

const RECEIVED_MS = Date.parse('2026-01-15T12:00:00Z')
const CONTEXT = { projectId: 1, receivedMs: RECEIVED_MS, retentionMs: 7 * 86_400_000, limits: INGEST_LIMITS }
const SESSIONS = ['0193aaaa00001111222233334444abcd', '0193bbbb00001111222233334444abcd'] as const
const SPANS = ['00f067aa0ba902b7', 'f0f067aa0ba902b7'] as const
const NODE = { id: '6f1c1f0e-2b51-4a7e-9d6c-3f7c0a5e1c01', service: 'cart' }
/** Refusing a line that isn't there has every line take the long way. */
const LONG_WAY: ReadonlySet<number> = new Set([1_000_000])

const orNothing = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 })
const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'a\tb', 'say "hi"', 'ünï\u2028', 'x'.repeat(300)))
const scalar = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.maxSafeInteger())
const attributes = fc.oneof(
  fc.dictionary(fc.oneof(fc.constantFrom('http.route', 'user', '__proto__', 'k'.repeat(130)), text), scalar, { maxKeys: 20 }),
  fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
)

const event = fc.record(
  {
    session: fc.constantFrom(...SESSIONS, 'no id'),
    span: fc.constantFrom(...SPANS, ''),
    clock: fc.oneof(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom([], [-1], [2 ** 31], [1.5], Array(65).fill(1)),
    ),
    time: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 100_000_000 }).map((micros) => RECEIVED_MS - micros / 1000) },
      fc.constantFrom(0, RECEIVED_MS - 8 * 86_400_000, RECEIVED_MS + 2 * 86_400_000, 1e21, '12:00'),
    ),
    level: orNothing(fc.constantFrom('debug', 'info', 'error', 'critical', 'loud', '', 5)),
    kind: orNothing(fc.constantFrom('log', 'open', 'close', 'call', 'return', 'set', 'breaker', 'strange')),
    category: orNothing(text),
    message: orNothing(fc.oneof(text, scalar)),
    attributes: orNothing(attributes),
    name: orNothing(text),
    parent: orNothing(fc.constantFrom(...SPANS, 'x')),
    status: orNothing(fc.constantFrom('ok', 'error', 'strange')),
    remainingMs: orNothing(fc.oneof(fc.integer(), fc.double(), fc.constant('soon'))),
    properties: orNothing(attributes),
    key: orNothing(text),
    value: orNothing(scalar),
    callee: orNothing(fc.constantFrom({ span: SPANS[1], last: 4 }, 5)),
    sanitised: orNothing(fc.boolean()),
    reason: orNothing(text),
    unheardOf: orNothing(scalar),
  },
  { requiredKeys: ['session', 'span', 'clock', 'time'] },
)

const BYTES = ' "\\{}[],:.-+eE019\t\ré'.split('')

/** Sometimes a byte is another: most such lines are no JSON any more, and some are JSON of another kind. */
const line = (seq: number) =>
  fc.tuple(event, fc.option(fc.tuple(fc.nat(), fc.constantFrom(...BYTES)), { freq: 3 })).map(([fields, change]) => {
    const json = JSON.stringify({ seq, ...fields })
    if (change === null) return json
    const at = change[0] % json.length
    return json.slice(0, at) + change[1] + json.slice(at + 1)
  })

function decodeBoth(lines: readonly string[]) {
  const header = JSON.stringify({ v: 1, producer: NODE.id, epoch: 1, first: 0, last: lines.length - 1, node: NODE })
  const body = Buffer.from([header, ...lines].join('\n') + '\n')
  return [new Set<number>(), LONG_WAY].map((refused) => {
    try {
      const batch = decodeBatch(body, CONTEXT, refused)
      if (!batch) throw new Error('nothing decoded')
      const { sink, rejected } = batch
      const rows = listStoredRows(sink).map((row) => ({ ...row, attributes: parse(row.attributes), detail: parse(row.detail) }))
      return { rows, hops: [...sink.hops], counts: [...sink.counts], notes: sink.notes, rejected }
    } catch (error) {
      return { error }
    }
  })
}

/** As jsonb compares it: numbers by value, −0 being 0. */
function parse(json: string | null): unknown {
  return json === null ? null : (JSON.parse(json, (_, value: unknown) => (value === 0 ? 0 : value)) as unknown)
}

test('a line becomes the same whichever way it takes', () => {
  fc.assert(
    fc.property(fc.tuple(line(0), line(1), line(2)), (lines) => {
      const [plain, long] = decodeBoth(lines)

      expect(plain).toEqual(long)
    }),
    { numRuns: 1_000 },
  )
})

const COMMON = { session: SESSIONS[0], span: SPANS[0], clock: [3, 1], time: RECEIVED_MS - 0.25 }

test.each([
  ['a log', { level: 'info', category: 'http', message: 'réserved', attributes: { user: 'u-1', n: 1.5, ok: true, none: null } }, true],
  ['a log with nothing but its ids', {}, true],
  ['an open', { kind: 'open', name: 'GET /cart/:id', parent: SPANS[1], remainingMs: 950 }, true],
  ['a close', { kind: 'close', status: 'ok' }, true],
  ['an escape', { message: 'say "hi"' }, false],
  ['attributes within attributes', { attributes: { a: { b: 1 } } }, false],
  ['properties', { kind: 'open', properties: { a: 1 } }, false],
  ['a field that the kind has not', { kind: 'close', name: 'x' }, false],
  ['a field that nothing has', { unheardOf: 1 }, false],
])('%s is plain: %#', (_, fields, isPlain) => {
  const body = Buffer.from(JSON.stringify({ seq: 4, ...COMMON, ...fields }))
  const sink = newEventSink(NODE.id, 1, 0)

  const end = new PlainDecoder(body, (start, end) => body.toString('utf8', start, end), sink, CONTEXT).decode(0, 4)

  expect([end, sink.rows.count, sink.hops.size]).toEqual(isPlain ? [body.length, 1, 1] : [-1, 0, 0])
})
