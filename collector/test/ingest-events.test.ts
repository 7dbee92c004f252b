import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { FLAG } from '@groundtrack/db'
import { INSTANT_MS, SESSION, startTestApp, type TestApp } from './ingest.test-kit.js'

let collector: TestApp

beforeAll(async () => {
  collector = await startTestApp()
})

beforeEach(() => collector.db.owner.query('truncate event, session_part, request_key'))

afterAll(() => collector.close())

const NODE_URL = '/v1/nodes/6f1c1f0e-2b51-4a7e-9d6c-3f7c0a5e1c01'
const post = (body: string, headers: Record<string, string> = {}) => collector.send({ url: '/v1/events', body, headers })

test.each(['application/x-www-form-urlencoded', 'text/plain', 'application/json', 'nonsense'])(
  'a line sent as %s is stored as an event of the process',
  async (type) => {
    const answer = await post('{"message":"hello"}', { 'content-type': type })

    expect(answer).toMatchObject({ status: 200, body: { stored: 1, duplicate: false, rejected: [] } })
    expect(await collector.query('select message, level, time, flags, service from event join node on node.id = node_id')).toEqual([
      { message: 'hello', level: 9, time: new Date(INSTANT_MS), flags: FLAG.process, service: 'curl' },
    ])
  },
)

test.each([SESSION, '0193AAAA-0000-1111-2222-33334444ABCD', `00-${SESSION}-00f067aa0ba902b7-01`])(
  'a session written as %s is joined, outside any hop',
  async (session) => {
    await post(JSON.stringify({ message: 'hi', session, service: 'mailer', level: 'error', attributes: { a: 1 } }))

    expect(await collector.query('select session_id::text, span, clock, level, attributes, flags from event')).toEqual([
      { session_id: '0193aaaa-0000-1111-2222-33334444abcd', span: '0', clock: null, level: 17, attributes: { a: 1 }, flags: 0 },
    ])
    expect(await collector.query('select span, events, errors, first_error, node_id is not null as node from session_part')).toEqual([
      { span: '0', events: 1, errors: 1, first_error: 'hi', node: true },
    ])
  },
)

test('bad lines are named and the others stored, blank ones passed over', async () => {
  const answer = await post('{"message":"one"}\n\nhello\n{"message":"two","session":"x"}\n{"message":"three","service":"cart"}\n')

  expect(answer.body).toMatchObject({
    stored: 2,
    rejected: [
      { line: 3, code: 'malformed_event' },
      { line: 4, code: 'bad_session_id' },
    ],
  })
})

test('with an Idempotency-Key a retry is stored once, also when both arrive together', async () => {
  const headers = { 'idempotency-key': 'k1' }

  const answers = await Promise.all([1, 2, 3].map(() => post('{"message":"once"}', headers)))
  const later = await post('{"message":"once"}', headers)
  const other = await post('{"message":"other"}', { 'idempotency-key': 'k2' })

  expect([...answers, later].map(({ body }) => body['stored']).filter((stored) => stored === 1)).toHaveLength(1)
  expect(later.body).toMatchObject({ stored: 0, duplicate: true })
  expect(other.body).toMatchObject({ stored: 1 })
})

test('presence: a heartbeat is kept, a later one renews it, a leave ends it and takes the address back', async () => {
  const put = (fields: Record<string, unknown>) =>
    collector.send({
      method: 'PUT',
      url: NODE_URL,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ service: 'cart', version: '1.0', environment: 'sandbox', ttlSeconds: 30, ...fields }),
    })
  const read = () =>
    collector.query('select service, version, address, seen_at, ttl_seconds, left_at from node where ttl_seconds is not null')

  const first = await put({ address: 'http://10.0.0.3:8080' })
  const left = await collector.send({ method: 'DELETE', url: NODE_URL, body: '', headers: { 'content-type': 'application/json' } })
  const gone = await read()
  const again = await put({ version: '1.1' })

  expect([first.status, left.status, again.status]).toEqual([204, 204, 204])
  expect(gone).toEqual([
    {
      service: 'cart',
      version: '1.0',
      address: 'http://10.0.0.3:8080',
      seen_at: new Date(INSTANT_MS),
      ttl_seconds: 30,
      left_at: new Date(INSTANT_MS),
    },
  ])
  expect(await read()).toEqual([
    { service: 'cart', version: '1.1', address: null, seen_at: new Date(INSTANT_MS), ttl_seconds: 30, left_at: null },
  ])
})

test.each<[string, Record<string, unknown> | string]>([
  ['an address over 2 KiB', { address: 'x'.repeat(2049) }],
  ['a ttl under a second', { ttlSeconds: 0.5 }],
  ['a ttl over an hour', { ttlSeconds: 3601 }],
  ['no ttl', { ttlSeconds: undefined }],
  ['no service', { service: '' }],
  ['NUL in its service', { service: 'a\0' }],
  ['properties that are a list', { properties: [] }],
])('a registration with %s is refused', async (_, fields) => {
  const body = JSON.stringify({
    service: 'cart',
    version: '1.0',
    environment: 'sandbox',
    ttlSeconds: 30,
    ...(fields as Record<string, unknown>),
  })

  const answer = await collector.send({ method: 'PUT', url: NODE_URL, headers: { 'content-type': 'application/json' }, body })

  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad_node', retryable: false } } })
})
