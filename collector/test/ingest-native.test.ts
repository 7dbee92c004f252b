import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aBatch, anEvent, INSTANT_MS, startTestApp, type TestApp } from './ingest.test-kit.js'

let collector: TestApp

beforeAll(async () => {
  collector = await startTestApp()
})

afterAll(() => collector.close())

const PRODUCER = '0b1c2d3e-4f50-4a61-8b72-9c83ad94be01'

test('a batch is stored as it was sent and acknowledged by producer, epoch and range', async () => {
  const lines = [
    anEvent({ clock: [3, 4], attributes: { sku: 'A-17' }, time: INSTANT_MS - 1000 + 0.251 }),
    anEvent({ clock: [3, 5], level: 'error', message: 'tab\tbackslash\\ line\nend' }),
  ]

  const answer = await collector.send({
    body: gzipSync(aBatch(lines, { producer: PRODUCER, first: 40 })),
    headers: { 'content-encoding': 'gzip' },
  })

  expect(answer.body).toEqual({ producer: PRODUCER, epoch: 1, first: 40, last: 41, stored: 2, duplicate: false, rejected: [] })
  expect(answer.status).toBe(200)
  const rows = await collector.query(
    "select session_id::text, span, seq, clock, level, kind, flags, category, message, attributes, detail, received_at, ordinal, to_char(time, 'HH24:MI:SS.US') as time from event where seq in (40, 41) order by seq",
  )
  expect(rows).toEqual([
    {
      session_id: '0193aaaa-0000-1111-2222-33334444abcd',
      span: '67667974448284343',
      seq: '40',
      clock: [3, 4],
      level: 9,
      kind: 0,
      flags: 0,
      category: 'http',
      message: 'GET /cart',
      attributes: { sku: 'A-17' },
      detail: null,
      received_at: new Date(INSTANT_MS),
      ordinal: 0,
      time: '11:59:59.000251',
    },
    expect.objectContaining({ seq: '41', ordinal: 1, level: 17, message: 'tab\tbackslash\\ line\nend', time: '11:59:59.000000' }),
  ])
})
