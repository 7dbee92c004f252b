import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventView, MissingRow, SessionEvents, SessionList, SessionView } from '../src/api.js'
import { aNode, aSession, aSpan, openTestApp, NOW_MS, TestHop, type TestApp } from './query.test-kit.js'

let t: TestApp
beforeAll(async () => {
  t = await openTestApp()
})
afterAll(async () => {
  await t.close()
})

const storefront = aNode('storefront')
const checkout = aNode('checkout')
const payments = aNode('payments', 'demo')

/** storefront calls checkout, which calls payments, which fails; checkout's clock is 5 s slow. */
async function sendFailedCheckout(ms = NOW_MS): Promise<{ session: string; root: TestHop; middle: TestHop; leaf: TestHop }> {
  const session = aSession()
  const [toCheckout, toPayments] = [aSpan(), aSpan()]
  const root = new TestHop(session, [], ms)
  const middle = new TestHop(session, [2], ms - 5_000)
  const leaf = new TestHop(session, [2, 3], ms + 4)
  const middleLines = [
    middle.open('POST /checkout', { parent: toCheckout, call: toCheckout }),
    middle.line({ message: 'reserving', category: 'stock', attributes: { sku: 'A-17', count: 3 } }),
    middle.line({ kind: 'call', call: toPayments, target: { service: 'payments', version: '1.0' } }),
  ]
  const leafLines = [
    leaf.open('POST /pay', { parent: toPayments, call: toPayments }),
    leaf.line({ level: 'error', message: 'ECONNREFUSED 10.0.0.7' }),
    leaf.close('error', 'bank refused'),
  ]
  middleLines.push(
    middle.line({ kind: 'return', call: toPayments, status: 'error', reason: '502', callee: { span: leaf.span, last: 3 } }),
    middle.close('error', 'payment failed'),
  )
  await t.send(payments, leafLines)
  await t.send(checkout, middleLines)
  await t.send(storefront, [
    root.line({ kind: 'open', name: 'POST /buy', remainingMs: 800, properties: { 'myapp:user_id': 42 } }),
    root.line({ kind: 'call', call: toCheckout, target: { service: 'checkout' } }),
    root.line({ kind: 'return', call: toCheckout, status: 'error', callee: { span: middle.span, last: 5 } }),
    root.close('error', 'Bad Gateway'),
  ])
  return { session, root, middle, leaf }
}

describe('a failed session over three nodes', () => {
  let sent: Awaited<ReturnType<typeof sendFailedCheckout>>
  beforeAll(async () => {
    sent = await sendFailedCheckout()
  })

  test('stands in the list with its outcome, services and the error of its deepest failed hop', async () => {
    const list = await t.get<SessionList>(`/api/v1/sessions?q=session:${sent.session}&from=-1h`)
    expect(list.items).toEqual([
      {
        id: sent.session,
        started: '2026-01-15T12:00:00.001000Z',
        durationMs: 4,
        name: 'POST /buy',
        root: { service: 'storefront', node: storefront.id },
        services: [
          { name: 'checkout', events: 5, errors: 0 },
          { name: 'storefront', events: 4, errors: 0 },
          { name: 'payments', events: 3, errors: 1 },
        ],
        events: 12,
        errors: 1,
        outcome: 'failed',
        error: { service: 'payments', node: payments.id, message: 'bank refused' },
        missing: 0,
        missingByState: {},
        complete: true,
        environment: 'sandbox',
      },
    ])
    expect(list.total).toEqual({ sessions: 1, failed: 1 })
  })

  test('opens with its hops in the order of the tree, its calls and its properties', async () => {
    const view = await t.get<SessionView>(`/api/v1/sessions/${sent.session}`)
    expect(view.session).toMatchObject({
      outcome: 'failed',
      complete: true,
      properties: { 'myapp:user_id': 42 },
      deadline: { budgetMs: 800 },
    })
    expect(view.hops.map(({ service, parentSpan, state, path }) => ({ service, parentSpan, state, path }))).toEqual([
      { service: 'storefront', parentSpan: null, state: 'failed', path: [] },
      { service: 'checkout', parentSpan: sent.root.span, state: 'failed', path: [2] },
      { service: 'payments', parentSpan: sent.middle.span, state: 'failed', path: [2, 3] },
    ])
    expect(view.calls.map(({ status, callees, n, reason }) => ({ status, callees, n, reason }))).toEqual([
      { status: 'error', callees: [sent.middle.span], n: 2, reason: undefined },
      { status: 'error', callees: [sent.leaf.span], n: 3, reason: '502' },
    ])
    expect(view.nodes.map((node) => node.service).toSorted()).toEqual(['checkout', 'payments', 'storefront'])
    expect(view.missing).toEqual([])
  })

  test('lists its events by call, by cause and by clock, with inversions marked by clock only', async () => {
    const read = (order: string) => t.get<SessionEvents>(`/api/v1/sessions/${sent.session}/events?order=${order}`)
    const clocks = (answer: SessionEvents) => answer.items.map((item) => ('clock' in item ? item.clock?.join('.') : 'missing'))
    const tree = await read('tree')
    expect(clocks(tree)).toEqual(['1', '2', '2.1', '2.2', '2.3', '2.3.1', '2.3.2', '2.3.3', '2.4', '2.5', '3', '4'])
    expect(tree).toMatchObject({ total: 12, from: 0, next: null })
    expect(clocks(await read('cause'))).toEqual(['1', '2', '2.1', '2.2', '2.3', '2.3.1', '2.3.2', '2.3.3', '2.4', '2.5', '3', '4'])
    const clock = await read('clock')
    expect(clocks(clock).slice(0, 5)).toEqual(['2.1', '2.2', '2.3', '2.4', '2.5'])
    // checkout's five before the call that caused them, and storefront's last two before payments' three.
    expect(clock.items.filter((item) => 'inversion' in item)).toHaveLength(7)
  })

  test('gives each event with the fields of its kind', async () => {
    const { items } = await t.get<SessionEvents>(`/api/v1/sessions/${sent.session}/events?from=3&limit=3`)
    expect(items).toEqual([
      expect.objectContaining({
        kind: 'log',
        category: 'stock',
        message: 'reserving',
        attributes: { sku: 'A-17', count: 3 },
        level: 'info',
      }),
      expect.objectContaining({ kind: 'call', target: { service: 'payments', version: '1.0' }, service: 'checkout' }),
      expect.objectContaining({ kind: 'open', name: 'POST /pay', service: 'payments', environment: 'demo', node: payments.id }),
    ])
  })

  test('pages by cursor, starts at an event, and filters with positions', async () => {
    const url = `/api/v1/sessions/${sent.session}/events`
    const first = await t.get<SessionEvents>(`${url}?limit=5`)
    const second = await t.get<SessionEvents>(`${url}?limit=7&cursor=${first.next}`)
    expect([first.items.length, second.items.length, second.next]).toEqual([5, 7, null])

    const at = await t.get<SessionEvents>(`${url}?at=${sent.leaf.span}:2&limit=1`)
    expect(at.from).toBe(6)
    expect(at.items[0]).toMatchObject({ message: 'ECONNREFUSED 10.0.0.7' })
    const byId = await t.get<SessionEvents>(`${url}?at=${(at.items[0] as EventView).id}&limit=1`)
    expect(byId.from).toBe(6)

    const errors = await t.get<SessionEvents>(`${url}?q=level:error`)
    expect(errors).toMatchObject({ total: 1, items: [{ position: 6, message: 'ECONNREFUSED 10.0.0.7' }] })
  })

  test('is found by UUID and by traceparent, in any case', async () => {
    const { session } = sent
    const uuid = `${session.slice(0, 8)}-${session.slice(8, 12)}-${session.slice(12, 16)}-${session.slice(16, 20)}-${session.slice(20)}`
    for (const id of [uuid.toUpperCase(), `00-${session}-00f067aa0ba902b7-01`])
      expect((await t.get<SessionView>(`/api/v1/sessions/${id}`)).session.id).toBe(session)
  })

  test('streams all rows as lines when asked to', async () => {
    const answer = await t.app.inject({
      url: `/api/v1/sessions/${sent.session}/events`,
      headers: { host: '127.0.0.1:43300', accept: 'application/x-ndjson' },
    })
    expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
    expect(
      answer.body
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).kind),
    ).toHaveLength(12)
  })
})

test('a session through a process 5 s ahead lasts as long as its own root', async () => {
  const session = aSession()
  const root = new TestHop(session)
  const ahead = new TestHop(session, [2], NOW_MS + 5_010)
  const lines = [root.open('GET /skewed'), root.line({ kind: 'call', call: aSpan() })]
  root.ms = NOW_MS + 250
  // checkout's hop and payments' line without one stand on two clocks of their own.
  await t.send(checkout, [ahead.open('POST /ahead'), ahead.close()])
  await t.send(payments, [{ session, time: NOW_MS - 7_000, message: 'from a shell' }])
  await t.send(storefront, [...lines, root.close()])
  const slower = new TestHop(aSession())
  const open = slower.open('GET /skewed')
  slower.ms += 500
  await t.send(storefront, [open, slower.close()])

  const list = async (q: string) =>
    (await t.get<SessionList>(`/api/v1/sessions?from=-1h&to=${NOW_MS + 60_000}&sort=duration&q=${encodeURIComponent(q)}`)).items
  const expected = { id: session, started: '2026-01-15T12:00:00.001000Z', durationMs: 250 }
  expect(await list('name:"GET /skewed"')).toMatchObject([{ id: slower.session, durationMs: 501 }, expected])
  expect(await list('name:"GET /skewed" duration:<=250ms')).toMatchObject([expected])
  expect((await t.get<SessionView>(`/api/v1/sessions/${session}`)).session).toMatchObject(expected)
})

test('a session whose root was not seen began at its earliest time', async () => {
  const hop = new TestHop(aSession(), [2])
  await t.send(checkout, [hop.open('POST /checkout'), hop.close()])
  await t.send(payments, [{ session: hop.session, time: NOW_MS - 2_000, message: 'from a shell' }])
  const { items } = await t.get<SessionList>(`/api/v1/sessions?from=-1h&q=session:${hop.session}`)
  expect(items).toMatchObject([{ started: '2026-01-15T11:59:58.000000Z', durationMs: 1 }])
})

test('an unknown session is not found, and neither is what is no session id', async () => {
  for (const id of ['0123456789abcdef0123456789abcdef', 'nothing', '0'.repeat(32)]) {
    const answer = await t.get<{ error: { code: string } }>(`/api/v1/sessions/${id}`, 404)
    expect(answer.error.code).toBe('not_found')
  }
})

test('the error of a hop that closed with a bare status is the first error it logged', async () => {
  const hop = new TestHop(aSession())
  const lines = [hop.open('GET /cart/:id'), hop.line({ level: 'error', message: 'stock is locked' }), hop.close('error', 'HTTP 503')]
  await t.send(storefront, lines)
  const { items } = await t.get<SessionList>(`/api/v1/sessions?q=session:${hop.session}`)
  expect(items[0]?.error).toEqual({ service: 'storefront', node: storefront.id, message: 'stock is locked' })
})

describe('missing numbers', () => {
  test('stand as rows at their place with who lost them, and count in the list', async () => {
    const hop = new TestHop(aSession())
    const lines = [hop.open('GET /cart/:id'), ...Array.from({ length: 8 }, () => hop.line({ message: 'step' })), hop.close()]
    const kept = lines.filter((_, i) => ![2, 3, 6].includes(i))
    await t.send(storefront, kept.slice(0, 4), [{ reason: 'buffer_full', session: hop.session, span: hop.span, from: 3, to: 4 }])
    t.hold(storefront)
    await t.send(storefront, kept.slice(4))

    const { items } = await t.get<SessionEvents>(`/api/v1/sessions/${hop.session}/events`)
    const shown = items.map((item) => (item.kind === 'missing' ? (item as MissingRow) : 'event'))
    const dropped = {
      kind: 'missing',
      span: hop.span,
      from: 3,
      to: 4,
      state: 'dropped',
      reason: 'buffer_full',
      time: '2026-01-15T12:00:00.002000Z',
    }
    const expected = { kind: 'missing', span: hop.span, from: 7, to: 7, state: 'expected', time: '2026-01-15T12:00:00.006000Z' }
    expect(shown).toEqual(['event', 'event', dropped, 'event', 'event', expected, 'event', 'event', 'event'])

    const view = await t.get<SessionView>(`/api/v1/sessions/${hop.session}`)
    expect(view.session).toMatchObject({ missing: 3, complete: false })
    const list = await t.get<SessionList>(`/api/v1/sessions?q=session:${hop.session} missing:>2`)
    expect(list.items).toMatchObject([{ missing: 3, complete: false, outcome: 'ok' }])
  })

  test('that did not come for ten minutes are unexplained', async () => {
    const hop = new TestHop(aSession())
    const [open, , close] = [hop.open('GET /'), hop.line(), hop.close()]
    await t.send(storefront, [open])
    t.hold(storefront)
    await t.send(storefront, [close])
    t.clock.nowMs = NOW_MS + 601_000
    const view = await t.get<SessionView>(`/api/v1/sessions/${hop.session}`)
    t.clock.nowMs = NOW_MS
    expect(view.missing).toMatchObject([{ span: hop.span, from: 2, to: 2, state: 'unexplained' }])
  })

  test('include a whole hop that only a return names', async () => {
    const hop = new TestHop(aSession())
    const [call, gone] = [aSpan(), aSpan()]
    await t.send(storefront, [
      hop.open('GET /'),
      hop.line({ kind: 'call', call }),
      hop.line({ kind: 'return', call, status: 'ok', callee: { span: gone, last: 7 } }),
      hop.close(),
    ])
    const view = await t.get<SessionView>(`/api/v1/sessions/${hop.session}`)
    expect(view.missing).toMatchObject([{ span: gone, from: 1, to: 7, state: 'expected' }])
    expect(view.session).toMatchObject({ missing: 7, events: 4, durationMs: 3 })
    const { items } = await t.get<SessionEvents>(`/api/v1/sessions/${hop.session}/events`)
    expect(items.map((item) => item.kind)).toEqual(['open', 'call', 'missing', 'return', 'close'])
  })
})

describe('outcome', () => {
  test('follows the presence of the node on which a hop is open', async () => {
    const mailer = aNode('mailer')
    const hop = new TestHop(aSession())
    await t.send(mailer, [hop.open('job')])
    const outcome = async () => {
      const [item] = (await t.get<SessionList>(`/api/v1/sessions?q=session:${hop.session}&from=-1d`)).items
      const filtered = await t.get<SessionList>(`/api/v1/sessions?q=session:${hop.session} outcome:${item?.outcome}&from=-1d`)
      expect(filtered.items).toHaveLength(1)
      return item?.outcome
    }
    expect(await outcome()).toBe('unknown')
    await t.announce(mailer)
    expect(await outcome()).toBe('running')
    t.clock.nowMs = NOW_MS + 59_000
    expect(await outcome()).toBe('running')
    t.clock.nowMs = NOW_MS + 61_000
    expect(await outcome()).toBe('died')
    t.clock.nowMs = NOW_MS
    await t.send(mailer, [hop.close()])
    expect(await outcome()).toBe('ok')
  })
})

describe('the list', () => {
  test('pages newest first without repeating or losing a session while new ones arrive', async () => {
    const base = NOW_MS - 20 * 60_000
    const range = `from=${base - 1}&to=${base + 60_000}`
    const ids: string[] = []
    const add = async (i: number) => {
      const hop = new TestHop(aSession(), [], base + i * 1_000)
      await t.send(storefront, [hop.open(`GET /${i}`), hop.close(i % 3 === 0 ? 'error' : 'ok')])
      return hop.session
    }
    for (let i = 0; i < 10; i++) ids.unshift(await add(i))
    const first = await t.get<SessionList>(`/api/v1/sessions?${range}&limit=4`)
    expect(first.total).toEqual({ sessions: 10, failed: 4 })
    await add(30)
    const second = await t.get<SessionList>(`/api/v1/sessions?${range}&limit=4&cursor=${first.next}`)
    const third = await t.get<SessionList>(`/api/v1/sessions?${range}&limit=4&cursor=${second.next}`)
    expect([first, second, third].flatMap((page) => page.items.map((item) => item.id))).toEqual(ids)
    expect(third.next).toBeNull()
  })

  test('has a session that began before the range and went on in it', async () => {
    const base = NOW_MS - 40 * 60_000
    const hop = new TestHop(aSession(), [], base - 300_000)
    await t.send(storefront, [hop.open('GET /long')])
    hop.ms = base + 10
    await t.send(storefront, [hop.close()])
    const list = await t.get<SessionList>(`/api/v1/sessions?from=${base}&to=${base + 1_000}`)
    expect(list.items.map((item) => item.id)).toEqual([hop.session])
    expect((await t.get<SessionList>(`/api/v1/sessions?from=${base + 100}&to=${base + 1_000}`)).items).toEqual([])
  })

  test('sorts by duration and by errors, and pages through both', async () => {
    const base = NOW_MS - 30 * 60_000
    const sent: { id: string; ms: number; errors: number }[] = []
    for (let i = 0; i < 6; i++) {
      const hop = new TestHop(aSession(), [], base + i)
      const open = hop.open('GET /')
      const errors = (i * 7) % 4
      const lines = Array.from({ length: errors }, () => hop.line({ level: 'error', message: 'no' }))
      hop.ms = base + i + ((i * 5) % 6) * 100 + 50
      await t.send(storefront, [open, ...lines, hop.close()])
      sent.push({ id: hop.session, ms: ((i * 5) % 6) * 100 + 50, errors })
    }
    for (const sort of ['duration', 'errors'] as const) {
      const ids: string[] = []
      for (let cursor = ''; ;) {
        const page = await t.get<SessionList>(`/api/v1/sessions?from=${base}&to=${base + 1_000}&sort=${sort}&limit=4${cursor}`)
        ids.push(...page.items.map((item) => item.id))
        if (!page.next) break
        cursor = `&cursor=${page.next}`
      }
      const value = (item: (typeof sent)[number]) => (sort === 'duration' ? item.ms : item.errors)
      expect(ids).toEqual(sent.toSorted((a, b) => value(b) - value(a) || (a.id < b.id ? 1 : -1)).map((item) => item.id))
    }
  })
})

test('a session without spans and a process event show sensibly', async () => {
  const session = aSession()
  await t.send(storefront, [
    { session, time: NOW_MS, level: 'error', message: 'from a shell' },
    { time: NOW_MS, message: 'listening on 8080' },
  ])
  const list = await t.get<SessionList>(`/api/v1/sessions?q=session:${session}`)
  expect(list.items).toMatchObject([
    { id: session, name: '', root: null, outcome: 'unknown', events: 1, errors: 1, complete: false, environment: 'sandbox' },
  ])
  const { items } = await t.get<SessionEvents>(`/api/v1/sessions/${session}/events`)
  expect(items).toMatchObject([{ message: 'from a shell', span: null, clock: null }])
  await t.get(`/api/v1/sessions/${storefront.id}`, 404)
  const events = await t.get<{ items: EventView[] }>('/api/v1/events?q="listening on 8080"')
  expect(events.items).toMatchObject([{ flags: ['process'], session: storefront.id.replaceAll('-', ''), span: null }])
})
