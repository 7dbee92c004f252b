import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { aBatch, aHeader, anEvent, startTestApp, type TestApp } from './ingest.test-kit.js'

let collector: TestApp

beforeAll(async () => {
  collector = await startTestApp()
})

beforeEach(() => collector.db.owner.query('truncate event, session_part, event_count, absence, flush, batch'))

afterAll(() => collector.close())

const storedCount = async () => Number((await collector.query<{ count: string }>('select count(*) from event'))[0]?.count)
const line = (value: unknown) => JSON.stringify(value) + '\n'

test('the same batch again is a duplicate: stored once, answered 200', async () => {
  const body = aBatch([anEvent(), anEvent()])

  const first = await collector.send({ body })
  const second = await collector.send({ body: gzipSync(body), headers: { 'content-encoding': 'gzip' } })

  expect(first.body).toMatchObject({ stored: 2, duplicate: false })
  expect(second).toMatchObject({ status: 200, body: { stored: 0, duplicate: true, first: 0, last: 1 } })
  expect(await storedCount()).toBe(2)
})

test('the same batch sent many times at once is stored once', async () => {
  const body = aBatch([anEvent(), anEvent()])

  const answers = await Promise.all(Array.from({ length: 8 }, () => collector.send({ body })))

  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
  expect(answers.filter((answer) => !answer.body['duplicate'])).toHaveLength(1)
  expect(await storedCount()).toBe(2)
})

test('two connections that write side by side store a batch once, too', async () => {
  const wide = await startTestApp({ lanes: 2, limits: { maxFlushBytes: 1 } })
  const batches = Array.from({ length: 30 }, () => aBatch([anEvent(), anEvent()]))

  const answers = await Promise.all([...batches, ...batches].map((body) => wide.send({ body })))

  const writers = await wide.query<{ writers: string }>('select count(distinct writer_id) as writers from flush')
  const [stored] = await wide.query<{ count: string }>('select count(*) from event')
  await wide.close()
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect(answers.filter((answer) => answer.body['duplicate'])).toHaveLength(30)
  expect(stored?.count).toBe('60')
  expect(writers).toEqual([{ writers: '2' }])
})

test.each([
  ['the same range with another content', 10, 12],
  ['a range that begins inside', 12, 14],
  ['a range that ends inside', 8, 10],
  ['a range around it', 9, 13],
  ['a range inside it', 11, 11],
])('%s is refused with a new producer and stores nothing', async (_, first, last) => {
  const producer = randomUUID()
  await collector.send({ body: aBatch([anEvent(), anEvent(), anEvent()], { producer, first: 10 }) })
  const lines = Array.from({ length: last - first + 1 }, () => anEvent({ message: 'another' }))

  const answer = await collector.send({ body: aBatch(lines, { producer, first }) })

  expect(answer.status).toBe(409)
  expect(answer.body.error).toMatchObject({
    code: 'producer_conflict',
    retryable: true,
    newProducer: expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  expect(await storedCount()).toBe(3)
})

test('of two batches at odds that arrive together one is stored and only the other is refused', async () => {
  const producer = randomUUID()
  const batches = [
    aBatch([anEvent({ message: 'one' })], { producer }),
    aBatch([anEvent({ message: 'two' })], { producer }),
    aBatch([anEvent({ message: 'elsewhere' })]),
  ]

  const answers = await Promise.all(batches.map((body) => collector.send({ body })))

  expect(answers.map(({ status }) => status)).toEqual([200, 409, 200])
  expect(await storedCount()).toBe(2)
})

test('numbers of another epoch, of another producer, before and after are no conflict', async () => {
  const producer = randomUUID()
  const headers = [
    { first: 10 },
    { first: 10, epoch: 2 },
    { first: 10, producer: randomUUID() },
    { first: 11 },
    { first: 9 },
    { first: 1000 },
  ]

  const answers = []
  for (const header of headers) answers.push(await collector.send({ body: aBatch([anEvent()], { producer, ...header }) }))

  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
  expect(await storedCount()).toBe(6)
})

test('a range inside merged ledger rows is a duplicate; one that passes their end is refused', async () => {
  const producer = randomUUID()
  await collector.db.owner.query(
    "insert into batch (project_id, producer, epoch, first, last, received_at) values (1, $1, 1, 0, 99, '2026-01-15')",
    [producer],
  )

  const inside = await collector.send({ body: aBatch([anEvent()], { producer, first: 50 }) })
  const beyond = await collector.send({ body: aBatch([anEvent(), anEvent()], { producer, first: 99 }) })

  expect(inside.body).toMatchObject({ duplicate: true, stored: 0 })
  expect(beyond.status).toBe(409)
})

test('a batch without events is a sign of life', async () => {
  const producer = randomUUID()

  const answer = await collector.send({ body: line(aHeader({ producer, first: 7, last: 6 })) })

  expect(answer.body).toEqual({ producer, epoch: 1, first: 7, last: 6, stored: 0, duplicate: false, rejected: [] })
  expect(await collector.query(`select seen_at is not null as seen from producer where producer = '${producer}'`)).toEqual([{ seen: true }])
  expect(await collector.query('select * from flush')).toEqual([])
})

test('dropped numbers count as covered, and are remembered with their hops', async () => {
  const hops = [{ session: '0193aaaa00001111222233334444abcd', span: 'f0f067aa0ba902b7', from: 5, to: 6 }]
  const header = { first: 40, last: 44, dropped: [{ first: 41, last: 43, reason: 'buffer_full', hops }] }
  const body = line(aHeader(header)) + line({ seq: 40, ...anEvent() }) + line({ seq: 44, ...anEvent() })

  const answer = await collector.send({ body })

  expect(answer.body).toMatchObject({ stored: 2, rejected: [] })
  const rows = await collector.query(
    'select session_id::text, span, first, last, from_number, to_number, count, state, reason from absence order by from_number nulls last',
  )
  expect(rows).toEqual([
    {
      session_id: '0193aaaa-0000-1111-2222-33334444abcd',
      span: String(BigInt.asIntN(64, 0xf0f067aa0ba902b7n)),
      first: '41',
      last: '43',
      from_number: 5,
      to_number: 6,
      count: 2,
      state: 'dropped',
      reason: 'buffer_full',
    },
    {
      session_id: null,
      span: null,
      first: '41',
      last: '43',
      from_number: null,
      to_number: null,
      count: 1,
      state: 'dropped',
      reason: 'buffer_full',
    },
  ])
})

const gap = (first: unknown, last: unknown) => [{ first, last, reason: 'x' }]
const five = Array.from({ length: 5 }, () => anEvent())

test.each([
  ['fewer lines than numbers', aBatch(five, { last: 5 })],
  ['a body cut off at the end of a line', aBatch(five).split('\n').slice(0, -2).join('\n') + '\n'],
  ['more lines than numbers', aBatch(five, { last: 3 })],
  ['a negative first', line(aHeader({ first: -1, last: -1 }))],
  ['a fraction', line(aHeader({ first: 0.5, last: 0.5 }))],
  ['last before first', line(aHeader({ first: 5, last: 3 }))],
  ['numbers beyond 2⁵³', line(aHeader({ first: 2 ** 53, last: 2 ** 53 }))],
  ['a line with another number', aBatch([anEvent(), anEvent({ seq: 7 })])],
  ['a line without number', aBatch([anEvent({ seq: undefined })])],
  ['a line whose number is text', aBatch([anEvent({ seq: '0' })])],
  ['numbers that fall', aBatch([anEvent({ seq: 1 }), anEvent({ seq: 0 })])],
  ['a dropped range outside', aBatch(five, { last: 4, dropped: gap(4, 9) })],
  ['dropped ranges that overlap', aBatch([anEvent()], { last: 4, dropped: [...gap(1, 3), ...gap(3, 4)] })],
  ['a dropped range that is also sent', aBatch(five, { last: 4, dropped: gap(2, 2) })],
  ['a dropped range backwards', aBatch([anEvent()], { last: 4, dropped: gap(4, 1) })],
])('a batch with %s is refused whole', async (_, body) => {
  const answer = await collector.send({ body })

  expect(answer.status).toBe(400)
  expect(answer.body.error).toMatchObject({ code: 'bad_sequence', retryable: false, at: expect.any(Number) })
  expect(await storedCount()).toBe(0)
})

test.each([
  ['is no JSON', 'hello\n'],
  ['is cut off', '{"v":1,"producer":'],
  ['is a list', '[1]\n'],
  ['has no version', line({ ...aHeader(), v: undefined })],
  ['has no producer', line(aHeader({ producer: undefined }))],
  ['has a producer that is no UUID', line(aHeader({ producer: 'me' }))],
  ['has no node', line(aHeader({ node: undefined }))],
  ['has a node without service', line(aHeader({ node: { id: randomUUID() } }))],
  ['has an epoch that is text', line(aHeader({ epoch: '1' }))],
  ['has an epoch beyond an integer', line(aHeader({ epoch: 2 ** 31 }))],
  ['has dropped that is no list', line(aHeader({ dropped: {} }))],
  ['has a dropped hop without ids', line(aHeader({ dropped: [{ first: 0, last: 0, hops: [{}] }] }))],
])('a header that %s is refused', async (_, body) => {
  const answer = await collector.send({ body })

  expect(answer.status).toBe(400)
  expect(answer.body.error).toMatchObject({ code: 'malformed_header', retryable: false })
})

test('another protocol version is refused, and the one spoken is named', async () => {
  const answer = await collector.send({ body: line(aHeader({ v: 2 })) })

  expect(answer.status).toBe(400)
  expect(answer.body.error).toMatchObject({ code: 'unsupported_version', supported: [1] })
})

test.each(['', '\n', ' \r\n\n'])('an empty body %j is acknowledged with nothing stored', async (body) => {
  const answer = await collector.send({ body })

  expect(answer).toMatchObject({ status: 200, body: { stored: 0, rejected: [] } })
})

test('line ends of CR LF and no line end at all are fine', async () => {
  const withCr = await collector.send({ body: aBatch([anEvent(), anEvent()]).replaceAll('\n', '\r\n') })
  const without = await collector.send({ body: aBatch([anEvent()]).trimEnd() })

  expect([withCr.body['stored'], without.body['stored']]).toEqual([2, 1])
})

test('flushes of a writer are numbered without holes and every row names its flush', async () => {
  for (let i = 0; i < 3; i++) await collector.send({ body: aBatch([anEvent({ clock: [i + 1] })]) })

  const writers = await collector.query<{ ids: string[]; numbers: string[] }>(
    `select array_agg((writer_id::bigint * 4294967296 + flush_no)::text order by flush_no) as ids,
            array_agg(flush_no::text order by flush_no) as numbers
       from flush group by writer_id`,
  )
  const events = await collector.query<{ flush_id: string }>('select flush_id from event')
  expect(events.map(({ flush_id }) => flush_id).toSorted()).toEqual(writers.flatMap(({ ids }) => ids).toSorted())
  for (const { numbers } of writers) expect(numbers.map(Number)).toEqual(numbers.map((_, i) => Number(numbers[0]) + i))
})
