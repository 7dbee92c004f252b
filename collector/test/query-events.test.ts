import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ErrorBody, EventView, FieldList, Histogram, Page, ServiceView } from '../src/api.js'
import { aNode, aSession, NOW_MS, openTestApp, TestHop, type TestApp } from './query.test-kit.js'

let t: TestApp
const cart = aNode('cart')
const payments = aNode('payments', 'demo')

// 30 events of cart over an hour, each third a warning; 10 errors of payments in the last ten seconds; one 40 days old.
beforeAll(async () => {
  t = await openTestApp()
  const hop = new TestHop(aSession())
  await t.send(
    cart,
    Array.from({ length: 30 }, (_, i) =>
      hop.line({
        time: NOW_MS - 3_600_000 + i * 120_000 + 1_000,
        level: i % 3 === 0 ? 'warn' : 'info',
        message: `item ${i}`,
        category: 'stock',
        attributes: { sku: `A-${i % 4}` },
      }),
    ),
  )
  const failing = new TestHop(aSession())
  await t.send(
    payments,
    Array.from({ length: 10 }, (_, i) =>
      failing.line({
        time: NOW_MS - 10_000 + i * 1_000,
        level: 'error',
        message: `refused ${i}`,
        attributes: { status: 500 + i, big: '9007199254740993' },
      }),
    ),
  )
  const old = new TestHop(aSession())
  await t.send(cart, [
    old.line({ time: NOW_MS - 40 * 86_400_000, message: 'ancient' }),
    old.line({ time: NOW_MS + 3_600_000, message: 'from the future' }),
  ])
})
afterAll(async () => {
  await t.close()
})

const search = async (parameters: string) =>
  (await t.get<Page<EventView>>(`/api/v1/events?${parameters}`)).items.map((item) => item.message)

describe('events over all sessions', () => {
  test('come newest first, back to the oldest, ahead of a fast clock too', async () => {
    const messages = await search('limit=1000')
    expect(messages).toHaveLength(42)
    expect([messages[0], messages[1], messages[10], messages[11], messages.at(-2), messages.at(-1)]).toEqual([
      'from the future',
      'refused 9',
      'refused 0',
      'item 29',
      'item 0',
      'ancient',
    ])
  })

  test('page without repeating or losing one while others arrive', async () => {
    const whole = await search('limit=1000')
    const paged: string[] = []
    for (let cursor = '', pages = 0; ; pages++) {
      const page = await t.get<Page<EventView>>(`/api/v1/events?limit=9${cursor}`)
      paged.push(...page.items.map((item) => item.message))
      if (pages === 0) await t.send(cart, [{ time: NOW_MS + 3_700_000, message: 'arrived between' }])
      if (!page.next) break
      cursor = `&cursor=${page.next}`
    }
    expect(paged).toEqual(whole)
  })

  test.each([
    ['q=refused service:payments', 10],
    ['q=REFUSED', 10],
    ['q=level:>=warn', 20],
    ['q=level:warn AND item', 10],
    ['q=sku:A-1', 8],
    ['q=sku:A-*', 30],
    ['q=-sku:* item', 0],
    ['q=status:>=505', 5],
    ['q=status:>=505 status:<507', 2],
    ['q=big:9007199254740993', 10],
    ['q=environment:demo OR ancient', 11],
    ['q=(item OR refused) -level:info', 20],
    ['q=category:stock kind:log', 30],
    ['from=-10s&to=now', 10],
    ['from=2026-01-15T11:00:00Z&to=2026-01-15T11:10:00Z', 5],
    ['q=100%25', 0],
    ['q=item_1', 0],
  ])('%s finds %i', async (parameters, count) => {
    expect(await search(`limit=1000&${parameters.replaceAll(' ', '%20').replaceAll('>', '%3E').replaceAll('<', '%3C')}`)).toHaveLength(
      count,
    )
  })

  test('belong to sessions that the search names', async () => {
    expect(await search('q=services:payments')).toHaveLength(10)
    expect(await search('q=outcome:unknown%20refused')).toHaveLength(10)
    expect(await search('q=outcome:failed')).toHaveLength(0)
  })
})

describe('the histogram', () => {
  test('sums the minutes by level, whole, with empty buckets', async () => {
    const histogram = await t.get<Histogram>('/api/v1/events/histogram?from=-1h&to=now&buckets=60')
    expect(histogram).toMatchObject({
      bucketSeconds: 60,
      by: 'level',
      total: 40,
      from: '2026-01-15T11:00:00.000Z',
      to: '2026-01-15T12:00:00.000Z',
    })
    expect(histogram.buckets).toHaveLength(60)
    expect(histogram.buckets[0]).toEqual({ start: '2026-01-15T11:00:00.000Z', counts: { warn: 1 } })
    expect(histogram.buckets[59]).toEqual({ start: '2026-01-15T11:59:00.000Z', counts: { error: 10 } })
  })

  test('counts alike from events and from minutes', async () => {
    const bySums = await t.get<Histogram>('/api/v1/events/histogram?from=-1h&to=now&buckets=12&by=service&q=level:%3E=warn')
    const byEvents = await t.get<Histogram>('/api/v1/events/histogram?from=-1h&to=now&buckets=12&by=service&q=level:%3E=warn%20-nothing')
    expect(byEvents).toEqual(bySums)
    expect(bySums).toMatchObject({ bucketSeconds: 300, total: 20 })
    expect(bySums.buckets.at(-1)?.counts).toEqual({ payments: 10 })
  })

  test('is finer than a minute over a short range, and never longer than its limit', async () => {
    const fine = await t.get<Histogram>('/api/v1/events/histogram?from=-10s&to=now&buckets=10')
    expect(fine).toMatchObject({ bucketSeconds: 1, total: 10 })
    expect(fine.buckets.map((bucket) => bucket.counts['error'])).toEqual(Array(10).fill(1))
    const many = await t.get<Histogram>('/api/v1/events/histogram?from=-30d&to=now&buckets=100000')
    expect(many.buckets.length).toBeLessThanOrEqual(501)
  })

  test('refuses a range without measure', async () => {
    const { error } = await t.get<ErrorBody>('/api/v1/events/histogram?from=1970-01-01&to=now', 400)
    expect(error).toMatchObject({ code: 'range_too_large', limit: 34_560_000 })
  })
})

test('fields come with their values and counts, for a prefix too', async () => {
  const { items } = await t.get<FieldList>('/api/v1/fields')
  const field = (name: string) => items.find((item) => item.name === name)
  expect(field('service')?.values).toEqual([
    { value: 'cart', events: 32 },
    { value: 'payments', events: 10 },
  ])
  expect(field('level')?.values?.find(({ value }) => value === 'error')).toEqual({ value: 'error', events: 10 })
  expect(field('sku')).toMatchObject({
    kind: 'attribute',
    events: 30,
    values: [{ value: 'A-0', events: 8 }, { value: 'A-1' }, { value: 'A-2' }, { value: 'A-3' }],
  })
  expect(field('outcome')).toMatchObject({ kind: 'session' })
  expect((await t.get<FieldList>('/api/v1/fields?prefix=sk')).items.map((item) => item.name)).toEqual(['sku'])
})

test('services are listed with their environments', async () => {
  const { items } = await t.get<Page<ServiceView>>('/api/v1/services')
  expect(items).toEqual([
    { service: 'cart', environments: ['sandbox'], nodes: 1, lastSeen: expect.stringMatching(/^2026-01-15T12:00:00/) },
    { service: 'payments', environments: ['demo'], nodes: 1, lastSeen: expect.any(String) },
  ])
})

describe('bad requests', () => {
  test.each([
    ['/api/v1/sessions?q=%22open', 'query_syntax', 0],
    ['/api/v1/events?q=a%20(b', 'query_syntax', 2],
    ['/api/v1/events?q=%00', 'query_syntax', 0],
    ['/api/v1/events/histogram?q=level:loud', 'query_syntax', 6],
    ['/api/v1/sessions?limit=0', 'bad_request', undefined],
    ['/api/v1/sessions?limit=many', 'bad_request', undefined],
    ['/api/v1/sessions?sort=name', 'bad_request', undefined],
    ['/api/v1/sessions?from=yesterday', 'bad_request', undefined],
    ['/api/v1/events?from=now&to=-1h', 'bad_request', undefined],
    ['/api/v1/events?cursor=nonsense', 'bad_cursor', undefined],
    [`/api/v1/events?cursor=${Buffer.from('["events",1e999,"1",1]').toString('base64url')}`, 'bad_cursor', undefined],
    [`/api/v1/events?cursor=${Buffer.from('["events",1,"1; DROP",1]').toString('base64url')}`, 'bad_cursor', undefined],
    [`/api/v1/sessions?cursor=${Buffer.from('["start",1,"no session"]').toString('base64url')}`, 'bad_cursor', undefined],
    [`/api/v1/sessions?sort=errors&cursor=${Buffer.from('["start",1,"0"]').toString('base64url')}`, 'bad_cursor', undefined],
    [`/api/v1/sessions?cursor=${Buffer.from(`["start",1e300,"${'1'.repeat(32)}"]`).toString('base64url')}`, 'bad_cursor', undefined],
    ['/api/v1/events/histogram?buckets=-1', 'bad_request', undefined],
    ['/api/v1/events/histogram?by=colour', 'bad_request', undefined],
  ])('%s is %s', async (url, code, at) => {
    const { error } = await t.get<ErrorBody>(url, 400)
    expect(error).toMatchObject({ code, retryable: false })
    expect(error.at).toBe(at)
  })

  test('a limit beyond the greatest is clamped', async () => {
    expect((await t.get<Page<EventView>>('/api/v1/events?limit=1000000')).items.length).toBeGreaterThan(40)
  })
})
