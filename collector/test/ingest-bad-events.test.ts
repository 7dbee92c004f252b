import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { FLAG } from '@groundtrack/db'
import { aBatch, anEvent, INSTANT_MS, NODE, SESSION, SPAN, startTestApp, type TestApp } from './ingest.test-kit.js'

let collector: TestApp

beforeAll(async () => {
  collector = await startTestApp()
})

beforeEach(() => collector.db.owner.query('truncate event, session_part, absence, rejected_sample, batch'))

afterAll(() => collector.close())

const KEPT = anEvent({ message: 'kept' })

async function sendBetweenNeighbours(line: Record<string, unknown> | string) {
  return collector.send({ body: aBatch([KEPT, line, KEPT]) })
}

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

test.each([
  ['is no JSON', '{not json', 'malformed_event'],
  ['is cut off', '{"seq":1,"message":"', 'malformed_event'],
  ['is blank', '', 'malformed_event'],
  ['is an array', '[1]', 'malformed_event'],
  ['holds a raw control character', '{"seq":1,"message":"a\u0000b"}', 'malformed_event'],
  ['is larger than 256 KiB', { message: 'x'.repeat(256 * 1024) }, 'event_too_large'],
  ['is nested deeper than 32', `{"seq":1,"attributes":{"a":${deep(31)}}}`, 'too_deep'],
  ['is nested 100,000 deep', `{"seq":1,"attributes":${deep(100_000)}}`, 'too_deep'],
  ['has a session of another length', anEvent({ session: 'abc' }), 'bad_session_id'],
  ['has a session in upper case', anEvent({ session: SESSION.toUpperCase() }), 'bad_session_id'],
  ['has a session of zeros', anEvent({ session: '0'.repeat(32) }), 'bad_session_id'],
  ['has a session that is a number', anEvent({ session: 5 }), 'bad_session_id'],
  ['has a malformed span', anEvent({ span: 'xyz' }), 'bad_session_id'],
  ['has a span of zeros', anEvent({ span: '0'.repeat(16) }), 'bad_session_id'],
  ['has a span without session', { span: SPAN }, 'bad_session_id'],
  ['has a clock without session', { clock: [1] }, 'bad_session_id'],
  ['has a clock without span', { session: SESSION, clock: [1] }, 'bad_session_id'],
  ['has an empty clock', anEvent({ clock: [] }), 'bad_session_id'],
  ['has a clock of 65 numbers', anEvent({ clock: Array.from({ length: 65 }, () => 1) }), 'bad_session_id'],
  ['has a clock number beyond 2³¹−1', anEvent({ clock: [2 ** 31] }), 'bad_session_id'],
  ['has a fraction in its clock', anEvent({ clock: [1.5] }), 'bad_session_id'],
])('a line that %s is rejected alone, by line, number and code', async (_, line, code) => {
  const answer = await sendBetweenNeighbours(line)

  expect(answer.status).toBe(200)
  expect(answer.body).toMatchObject({ stored: 2, rejected: [{ line: 3, seq: 1, code, message: expect.any(String) }] })
  expect(await collector.query('select seq, message from event order by seq')).toEqual([
    { seq: '0', message: 'kept' },
    { seq: '2', message: 'kept' },
  ])
  expect(await collector.query('select first, last, count, state, reason from absence')).toEqual([
    { first: '1', last: '1', count: 1, state: 'rejected', reason: code },
  ])
})

test('a rejected event leaves at most 64 KiB of its bytes among the samples, and its number in its hop', async () => {
  await sendBetweenNeighbours(anEvent({ clock: [3, 7], message: 'x'.repeat(300_000) }))

  expect(await collector.query('select code, length(raw) as bytes, node_id is not null as node from rejected_sample')).toEqual([
    { code: 'event_too_large', bytes: 65_536, node: true },
  ])
  expect(await collector.query('select session_id::text, from_number, to_number from absence')).toEqual([
    { session_id: '0193aaaa-0000-1111-2222-33334444abcd', from_number: 7, to_number: 7 },
  ])
})

test('samples are a ring of 100', async () => {
  for (let round = 0; round < 15; round++) await collector.send({ body: aBatch(Array.from({ length: 10 }, () => `{${round}`)) })

  const [row] = await collector.query<{ samples: string; oldest: string }>(
    "select count(*) as samples, min(substr(convert_from(raw, 'UTF8'), 2)::int) as oldest from rejected_sample",
  )
  expect(Number(row?.samples)).toBe(100)
  expect(Number(row?.oldest)).toBeGreaterThan(0)
})

const OLD_MS = INSTANT_MS - 8 * 86_400_000

test.each<[string, Record<string, unknown> | string, number, Record<string, unknown>]>([
  [
    'NUL in a string',
    anEvent({ message: 'a\0b', attributes: { 'k\0': '\0' } }),
    FLAG.sanitised,
    { message: 'a␀b', attributes: { 'k␀': '␀' } },
  ],
  [
    'half a surrogate pair',
    `{"seq":1,"message":"a\\ud800b","attributes":{"x":"\\udc00"}}`,
    FLAG.sanitised | FLAG.process | FLAG.clockSuspect,
    { message: 'a\ufffdb', attributes: { x: '\ufffd' } },
  ],
  ['a whole surrogate pair', anEvent({ message: 'cart \ud83d\uded2 ok' }), 0, { message: 'cart 🛒 ok' }],
  [
    '1e400000',
    `{"seq":1,"attributes":{"a":1e400000,"b":1e999,"c":1.5e3}}`,
    FLAG.sanitised | FLAG.process | FLAG.clockSuspect,
    { attributes: { a: '1e400000', b: '1e999', c: 1500 } },
  ],
  [
    'NaN and Infinity',
    `{"seq":1,"attributes":{"a":NaN,"b":-Infinity}}`,
    FLAG.sanitised | FLAG.process | FLAG.clockSuspect,
    { attributes: { a: 'NaN', b: '-Infinity' } },
  ],
  [
    'an integer beyond 2⁵³',
    `{"seq":1,"attributes":{"a":9007199254740993,"b":"9007199254740993"}}`,
    FLAG.sanitised | FLAG.process | FLAG.clockSuspect,
    { attributes: { a: '9007199254740993', b: '9007199254740993' } },
  ],
  [
    'a key twice',
    `{"seq":1,"message":"first","message":"last"}`,
    FLAG.duplicateKeys | FLAG.process | FLAG.clockSuspect,
    { message: 'last' },
  ],
  [
    'a key twice, nested',
    `{"seq":1,"attributes":{"a":[{"b":1,"b":2}]}}`,
    FLAG.duplicateKeys | FLAG.process | FLAG.clockSuspect,
    { attributes: { a: [{ b: 2 }] } },
  ],
  [
    'colons in strings',
    anEvent({ message: 'a:b:c "x": {"y":1}', attributes: { 'k:k': ':' } }),
    0,
    { message: 'a:b:c "x": {"y":1}', attributes: { 'k:k': ':' } },
  ],
  [
    'prototype keys',
    `{"seq":1,"attributes":{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}},"prototype":2}}`,
    FLAG.process | FLAG.clockSuspect,
    { attributes: JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}},"prototype":2}') },
  ],
  [
    'prototype keys beside NUL',
    `{"seq":1,"attributes":{"__proto__":"\\u0000"}}`,
    FLAG.sanitised | FLAG.process | FLAG.clockSuspect,
    { attributes: JSON.parse('{"__proto__":"␀"}') },
  ],
  ['an unknown level', anEvent({ level: 'fatal' }), FLAG.levelUnknown, { level: 9, detail: { original: { level: 'fatal' } } }],
  [
    'a level named like a prototype key',
    anEvent({ level: 'constructor' }),
    FLAG.levelUnknown,
    { level: 9, detail: { original: { level: 'constructor' } } },
  ],
  [
    'a message that is an object',
    anEvent({ message: { a: 'b"c\\' } }),
    FLAG.sanitised,
    { message: '{"a":"b\\"c\\\\"}', detail: { original: { message: { a: 'b"c\\' } } } },
  ],
  ['a category that is a number', anEvent({ category: 7 }), FLAG.sanitised, { category: '7' }],
  [
    'attributes that are a list',
    anEvent({ attributes: [1, 'x'] }),
    FLAG.sanitised,
    { attributes: null, detail: { original: { attributes: [1, 'x'] } } },
  ],
  ['an unknown kind', anEvent({ kind: 'dance' }), FLAG.sanitised, { kind: 0, detail: { original: { kind: 'dance' } } }],
  [
    'a field of its kind of a wrong type',
    anEvent({ kind: 'close', status: 'maybe' }),
    FLAG.sanitised,
    { kind: 2, detail: { original: { status: 'maybe' } } },
  ],
  [
    'unknown fields',
    anEvent({ extra: 1, received_at: 'x', project_id: 9 }),
    0,
    { project_id: 1, received_at: new Date(INSTANT_MS), detail: null },
  ],
  ['an old time', anEvent({ time: OLD_MS }), FLAG.old, { time: new Date(OLD_MS) }],
  ['a clock an hour ahead', anEvent({ time: INSTANT_MS + 3_600_000 }), 0, { time: new Date(INSTANT_MS + 3_600_000) }],
  [
    'a key over 128 bytes',
    anEvent({ attributes: { ['ä'.repeat(65)]: 1, b: 2 } }),
    FLAG.attributesTruncated,
    { attributes: { b: 2, _overflow: 1 } },
  ],
  ['the SDK’s own note that it replaced something', anEvent({ sanitised: true }), FLAG.sanitised, {}],
])('an event with %s is stored', async (_, line, flags, expected) => {
  const answer = await sendBetweenNeighbours(line)

  expect(answer.body).toMatchObject({ stored: 3, rejected: [] })
  const [row] = await collector.query('select * from event where seq = 1')
  expect(row).toMatchObject({ ...expected, flags })
})

test.each<[string, unknown, unknown]>([
  ['missing', undefined, undefined],
  ['text', '2026-01-15', '2026-01-15'],
  ['1970', 0, '0'],
  ['2999', 32_472_144_000_000, '32472144000000'],
  ['beyond what PostgreSQL holds', 9e15, '9000000000000000'],
  ['negative', -1, '-1'],
])('an event whose time is %s counts as of its arrival, and its time is kept', async (_, time, original) => {
  await sendBetweenNeighbours(anEvent({ time }))

  const [row] = await collector.query('select time, flags, detail from event where seq = 1')
  expect(row).toEqual({
    time: new Date(INSTANT_MS),
    flags: FLAG.clockSuspect,
    detail: original === undefined ? null : { original: { time: original } },
  })
})

test('invalid UTF-8 becomes replacement characters, in its own line only', async () => {
  const [before, after] = aBatch([anEvent({ message: 'ä' }), anEvent({ message: 'cut here' })]).split('cut here')

  const answer = await collector.send({
    body: Buffer.concat([Buffer.from(before ?? ''), Buffer.from([0x61, 0xff, 0xc3]), Buffer.from(after ?? '')]),
  })

  expect(answer.body).toMatchObject({ stored: 2 })
  expect(await collector.query('select message, flags from event order by seq')).toEqual([
    { message: 'ä', flags: 0 },
    { message: 'a\ufffd\ufffd', flags: FLAG.sanitised },
  ])
})

test('of more than 128 attributes 128 are kept and the others counted', async () => {
  const attributes = Object.fromEntries(Array.from({ length: 140 }, (_, i) => [`k${i}`, i]))

  await sendBetweenNeighbours(anEvent({ attributes }))

  const [row] = await collector.query<{ attributes: Record<string, number>; flags: number }>(
    'select attributes, flags from event where seq = 1',
  )
  expect(Object.keys(row?.attributes ?? {})).toHaveLength(129)
  expect(row).toMatchObject({ attributes: { k0: 0, k127: 127, _overflow: 12 }, flags: FLAG.attributesTruncated })
})

test('an event without session, span and clock is of the process: under the node’s id, in no session', async () => {
  await collector.send({ body: aBatch([{ message: 'listening', time: INSTANT_MS }]) })

  expect(await collector.query('select session_id::text, span, clock, flags from event')).toEqual([
    { session_id: NODE.id, span: '0', clock: null, flags: FLAG.process },
  ])
  expect(await collector.query('select * from session_part')).toEqual([])
})

test('what the database itself refuses is rejected line by line, and everything else is stored', async () => {
  await collector.db.owner.query(`
    create function refuse_poison() returns trigger language plpgsql as
      $$ begin if new.message like 'poison%' then raise 'poison' using errcode = '22P05'; end if; return new; end $$;
    create trigger refuse_poison before insert on event_20260115 for each row execute function refuse_poison()`)
  const poisoned = Array.from({ length: 20 }, (_, i) =>
    anEvent({ message: i === 7 || i === 16 ? `poison ${i}` : `fine ${i}`, clock: [i + 1] }),
  )

  const [answer, other] = await Promise.all([collector.send({ body: aBatch(poisoned) }), collector.send({ body: aBatch([KEPT]) })])
  await collector.db.owner.query('drop function refuse_poison cascade')

  expect(answer.body).toMatchObject({
    stored: 18,
    rejected: [
      { seq: 7, code: 'storage_rejected' },
      { seq: 16, code: 'storage_rejected' },
    ],
  })
  expect(other.body).toMatchObject({ stored: 1 })
  expect(await collector.query("select count(*)::int from event where message like 'fine%'")).toEqual([{ count: 18 }])
  expect(await collector.query("select from_number, reason from absence where state = 'rejected' order by first")).toEqual([
    { from_number: 8, reason: 'storage_rejected' },
    { from_number: 17, reason: 'storage_rejected' },
  ])
  expect(await collector.query('select events from session_part where events > 1')).toEqual([{ events: 18 }])
})
