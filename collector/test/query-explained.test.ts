import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EventView, RelationView, SessionEvents, SessionList, SessionView } from '../src/api.js'
import { aNode, aSession, aSpan, openTestApp, NOW_MS, TestHop, type TestApp, type TestNode } from './query.test-kit.js'

let t: TestApp
beforeAll(async () => {
  t = await openTestApp()
})
beforeEach(() => {
  t.clock.nowMs = NOW_MS
})
afterAll(async () => {
  await t.close()
})

const HEADERS = { host: '127.0.0.1:43300' }
const storefront = aNode('storefront')
const checkout = aNode('checkout')

const view = (session: string) => t.get<SessionView>(`/api/v1/sessions/${session}`)
const rows = async (session: string, query = '') => (await t.get<SessionEvents>(`/api/v1/sessions/${session}/events?${query}`)).items
const listed = async (session: string, terms = '') =>
  (await t.get<SessionList>(`/api/v1/sessions?from=-1d&to=%2B1d&q=${encodeURIComponent(`session:${session} ${terms}`)}`)).items

/** storefront calls checkout, whose clock is 5 s ahead; the way there takes 10 ms, the way back 20 ms. */
async function sendSkewed(): Promise<{ root: TestHop; callee: TestHop }> {
  const root = new TestHop(aSession())
  const call = aSpan()
  const lines = [root.open('POST /buy'), root.line({ kind: 'call', call })]
  const callee = new TestHop(root.session, [2], root.ms + 10 + 5_000 - 1)
  const answers = [callee.open('POST /checkout', { parent: call, call }), callee.line({ message: 'reserving' }), callee.close()]
  root.ms = callee.ms - 5_000 + 20 - 1
  lines.push(root.line({ kind: 'return', call, status: 'ok', callee: { span: callee.span, last: 3 } }), root.close())
  await t.send(checkout, answers)
  await t.send(storefront, lines)
  return { root, callee }
}

describe('clocks', () => {
  test('are measured from the session itself, and times corrected by them beside the raw ones', async () => {
    const { root } = await sendSkewed()
    const { nodes, clockSteps } = await view(root.session)
    const skews = Object.fromEntries(nodes.map(({ service, skewMs }) => [service, skewMs]))
    expect(skews).toEqual({
      storefront: { offset: 0, error: 0, kind: 'measured' },
      checkout: { offset: 4_995, error: 15, kind: 'measured' },
    })
    expect(clockSteps).toEqual([])
    const open = (await rows(root.session)).find((row) => row.kind === 'open' && row.service === 'checkout')
    expect(open).toMatchObject({ time: '2026-01-15T12:00:05.012000Z', corrected: '2026-01-15T12:00:00.017000Z' })
  })

  test('that were set within the session are named with where and by how much', async () => {
    const root = new TestHop(aSession())
    const lines = [root.open('GET /')]
    const hops: TestHop[] = []
    for (const ahead of [0, 0, 4_000, 4_000]) {
      const call = aSpan()
      lines.push(root.line({ kind: 'call', call }))
      const hop = new TestHop(root.session, [root.number], root.ms + ahead)
      await t.send(checkout, [hop.open('POST /checkout', { parent: call, call }), hop.close()])
      root.ms = hop.ms - ahead
      lines.push(root.line({ kind: 'return', call, status: 'ok', callee: { span: hop.span, last: 2 } }))
      hops.push(hop)
    }
    await t.send(storefront, [...lines, root.close()])
    const { clockSteps, session, hops: shown, calls } = await view(root.session)
    expect(clockSteps).toEqual([{ node: checkout.id, stepMs: expect.closeTo(4_000, -1), span: hops[2]?.span, n: 1 }])
    expect(session.complete).toBe(true)
    // The whole took as long as the root did, by every clock that is read steadily; the list knows the parts alone.
    const [summary] = await listed(root.session)
    const tookMs = root.ms - NOW_MS
    expect(session.durationMs).toBeLessThanOrEqual(tookMs)
    expect(summary?.durationMs).toBeGreaterThan(4_000)
    const opened = shown.map((hop) => Date.parse(hop.corrected?.opened ?? '') - NOW_MS)
    expect(opened.every((ms) => ms >= 0 && ms <= tookMs)).toBe(true)
    for (const { started, ended, corrected } of calls) expect(corrected).toEqual({ started, ended })
  })

  test('of nodes that no edge ties to the root are estimated from how long their events took, and say so', async () => {
    const root = new TestHop(aSession())
    await t.send(storefront, [root.open('GET /'), root.close()])
    await t.send(checkout, [{ session: root.session, time: NOW_MS + 7_000, message: 'from a shell' }])
    const { nodes } = await view(root.session)
    expect(nodes.find(({ service }) => service === 'checkout')?.skewMs).toEqual({ offset: 6_998, error: null, kind: 'estimate' })
    const [line] = (await rows(root.session)).filter((row) => row.kind === 'log')
    expect(line).not.toHaveProperty('corrected')
  })
})

describe('the relation of two events', () => {
  test('is proven by the chain of edges between them', async () => {
    const { root, callee } = await sendSkewed()
    const ask = (a: string, b: string) => t.get<RelationView>(`/api/v1/sessions/${root.session}/relation?a=${a}&b=${b}`)
    const place = (hop: TestHop, n: number) => ({ span: hop.span, n })
    expect(await ask(`${root.span}:1`, `${callee.span}:2`)).toEqual({
      relation: 'before',
      edges: [
        { by: 'hop', from: place(root, 1), to: place(root, 2) },
        { by: 'call', from: place(root, 2), to: place(callee, 1) },
        { by: 'hop', from: place(callee, 1), to: place(callee, 2) },
      ],
    })
    expect(await ask(`${root.span}:3`, `${callee.span}:3`)).toEqual({
      relation: 'after',
      edges: [{ by: 'return', from: place(callee, 3), to: place(root, 3) }],
    })
  })

  test('is concurrent where nothing ties them, asked by id too', async () => {
    const root = new TestHop(aSession())
    const calls = [aSpan(), aSpan()]
    await t.send(storefront, [root.open('GET /'), ...calls.map((call) => root.line({ kind: 'call', call, oneway: true })), root.close()])
    const hops = calls.map((_, i) => new TestHop(root.session, [i + 2]))
    for (const [i, hop] of hops.entries()) await t.send(checkout, [hop.open('job', { parent: calls[i] ?? '', call: calls[i] ?? '' })])
    const [a, b] = (await rows(root.session)).filter((row) => row.kind === 'open' && row.span !== root.span) as EventView[]
    expect(await t.get(`/api/v1/sessions/${root.session}/relation?a=${a?.id}&b=${b?.id}`)).toEqual({ relation: 'concurrent', edges: [] })
  })

  test.each([
    ['a=nonsense&b=nonsense', 400],
    ['a=00f067aa0ba902b7:1', 400],
    ['a=00f067aa0ba902b7:1&b=00f067aa0ba902b7:2', 404],
    ['a=1-1-999999&b=1-1-999998', 404],
  ])('%s is %i', async (query, status) => {
    const { root } = await sendSkewed()
    await t.get(`/api/v1/sessions/${root.session}/relation?${query}`, status)
  })
})

describe('marks', () => {
  test('an event that arrives half a minute after what followed it is late, and no other', async () => {
    const hop = new TestHop(aSession())
    const [open, held, close] = [hop.open('GET /'), hop.line({ message: 'held back' }), hop.close()]
    await t.send(storefront, [open, close])
    t.clock.nowMs += 45_000
    await t.send(storefront, [held])
    expect((await rows(hop.session)).map((row) => 'late' in row)).toEqual([false, true, false])
  })

  test('events of a callee that arrive after its return was shown are late', async () => {
    const root = new TestHop(aSession())
    const call = aSpan()
    const callee = new TestHop(root.session, [2])
    const answers = [callee.open('POST /checkout', { parent: call, call }), callee.close()]
    await t.send(storefront, [
      root.open('GET /'),
      root.line({ kind: 'call', call }),
      root.line({ kind: 'return', call, status: 'ok', callee: { span: callee.span, last: 2 } }),
      root.close(),
    ])
    t.clock.nowMs += 31_000
    await t.send(checkout, answers)
    expect((await rows(root.session)).map((row) => [row.span === callee.span, 'late' in row])).toEqual([
      [false, false],
      [false, false],
      [true, true],
      [true, true],
      [false, false],
      [false, false],
    ])
  })

  test('the next event of a job that was silent for five minutes is not late', async () => {
    const hop = new TestHop(aSession())
    await t.send(storefront, [hop.open('job')])
    t.clock.nowMs += 300_000
    hop.ms = t.clock.nowMs
    await t.send(storefront, [hop.line({ message: 'done' }), hop.close()])
    expect((await rows(hop.session)).map((row) => 'late' in row)).toEqual([false, false, false])
  })

  test('an event whose number stands twice is ambiguous, and so is one without a number', async () => {
    const hop = new TestHop(aSession())
    const line = (n: number, message: string) => ({ session: hop.session, span: hop.span, clock: [n], time: NOW_MS + n, message })
    await t.send(storefront, [
      hop.open('GET /'),
      line(2, 'one'),
      line(2, 'other'),
      line(3, 'next'),
      { session: hop.session, span: hop.span, time: NOW_MS + 9, message: 'unnumbered' },
    ])
    const marked = (await rows(hop.session)).filter((row) => 'ambiguous' in row) as EventView[]
    expect(marked.map((row) => row.message).toSorted()).toEqual(['one', 'other', 'unnumbered'])
  })
})

describe('work that does not end', () => {
  const beat = (node: TestNode) => t.announce(node)

  test('runs as long as its node is present, however silent, and its call waits', async () => {
    const mailer = aNode('mailer')
    const hop = new TestHop(aSession())
    const call = aSpan()
    await beat(mailer)
    await t.send(mailer, [hop.open('job'), hop.line({ kind: 'call', call })])
    for (let second = 10; second <= 300; second += 10) {
      t.clock.nowMs = NOW_MS + second * 1_000
      await beat(mailer)
    }
    const { session, hops, calls } = await view(hop.session)
    expect([session.outcome, hops[0]?.state, calls[0]?.status]).toEqual(['running', 'running', 'pending'])
    expect(await listed(hop.session, 'outcome:running')).toHaveLength(1)
  })

  test('runs while a blocked event loop keeps its node stale', async () => {
    const mailer = aNode('mailer')
    const hop = new TestHop(aSession())
    await beat(mailer)
    await t.send(mailer, [hop.open('job')])
    t.clock.nowMs += 45_000
    const stale = await view(hop.session)
    expect([stale.nodes[0]?.state, stale.hops[0]?.state, stale.session.outcome]).toEqual(['stale', 'running', 'running'])
    expect(stale.hops[0]).not.toHaveProperty('lastWords')
    expect(await listed(hop.session, 'outcome:running')).toHaveLength(1)
    await beat(mailer)
    expect((await view(hop.session)).nodes[0]?.state).toBe('up')
  })

  test('died once its presence ran out twice over, with its last words; what it waited for died with it', async () => {
    const mailer = aNode('mailer')
    const hop = new TestHop(aSession())
    const call = aSpan()
    await beat(mailer)
    await t.send(mailer, [hop.open('job'), hop.line({ kind: 'call', call }), hop.line({ level: 'warn', message: 'heap is nearly full' })])
    t.clock.nowMs += 61_000
    const { session, hops, calls } = await view(hop.session)
    const lastWords = { span: hop.span, n: 3, time: '2026-01-15T12:00:00.003000Z', level: 'warn', message: 'heap is nearly full' }
    expect(session).toMatchObject({ outcome: 'died', complete: false })
    expect(hops).toMatchObject([{ state: 'died', lastWords }])
    expect(calls).toMatchObject([{ status: 'died', lastWords }])
    expect(await listed(hop.session, 'outcome:died')).toHaveLength(1)
    await beat(mailer)
    expect((await view(hop.session)).hops).toMatchObject([{ state: 'running' }])
  })

  test('died when its node left, at once; the numbers it owes died too', async () => {
    const mailer = aNode('mailer')
    const hop = new TestHop(aSession())
    await beat(mailer)
    const [open, , last] = [hop.open('job'), hop.line(), hop.line({ message: 'last' })]
    await t.send(mailer, [open])
    t.hold(mailer)
    await t.send(mailer, [last])
    expect((await view(hop.session)).missing).toMatchObject([{ from: 2, to: 2, state: 'expected' }])
    await t.app.inject({ method: 'DELETE', url: `/v1/nodes/${mailer.id}`, headers: HEADERS })
    const { session, hops, missing } = await view(hop.session)
    expect(hops).toMatchObject([{ state: 'died', lastWords: { n: 3, message: 'last' } }])
    expect(missing).toEqual([{ span: hop.span, from: 2, to: 2, state: 'died', time: '2026-01-15T12:00:00.001000Z' }])
    expect(session.missingByState).toEqual({ died: 1 })
    expect(await listed(hop.session)).toMatchObject([{ outcome: 'died', missing: 1, missingByState: { died: 1 } }])
  })
})

describe('calls', () => {
  test('without a return are unanswered where nobody took them, one-way where none is wanted', async () => {
    const root = new TestHop(aSession())
    const calls = [aSpan(), aSpan(), aSpan()]
    const lines = [
      root.open('GET /'),
      root.line({ kind: 'call', call: calls[0] }),
      root.line({ kind: 'call', call: calls[1], oneway: true }),
      root.line({ kind: 'call', call: calls[2] }),
    ]
    const callee = new TestHop(root.session, [4])
    await t.send(storefront, [...lines, root.close()])
    await t.send(checkout, [
      callee.open('POST /checkout', { parent: calls[2] ?? '', call: calls[2] ?? '' }),
      callee.close('error', 'no stock'),
    ])
    const { session, calls: shown } = await view(root.session)
    expect(shown.map(({ status }) => status)).toEqual(['unanswered', 'oneway', 'error'])
    expect(session).toMatchObject({ complete: false, missing: 0 })
  })
})

describe('a derived session', () => {
  test('and its origin name each other', async () => {
    const origin = new TestHop(aSession())
    await t.send(storefront, [origin.open('GET /'), origin.close()])
    const derived: string[] = []
    for (let i = 0; i < 2; i++) {
      const hop = new TestHop(aSession(), [], NOW_MS + i * 1_000)
      await t.send(checkout, [{ ...hop.open('job'), derived: { session: origin.session, clock: [1] } }, hop.close()])
      derived.push(hop.session)
    }
    expect((await view(origin.session)).session).toMatchObject({ derived })
    expect((await view(origin.session)).session).not.toHaveProperty('derivedFrom')
    expect((await view(derived[0] ?? '')).session).toMatchObject({ derived: [], derivedFrom: origin.session })
  })

  test('is found by its index', async () => {
    const client = await t.db.read.connect()
    try {
      await client.query('SET enable_seqscan TO off')
      const { rows: plan } = await client.query<Record<string, string>>(
        `EXPLAIN SELECT session_id FROM session_part
          WHERE (detail->'derived'->>'session') = $1 AND detail ? 'derived' AND project_id = 1 GROUP BY session_id ORDER BY min(first_time)`,
        [aSession()],
      )
      const text = plan.map((row) => row['QUERY PLAN']).join('\n')
      expect(text).toMatch(/Index Scan (using|on) session_part_\d+_expr_idx/)
      expect(text).not.toContain('Seq Scan')
    } finally {
      await client.query('RESET enable_seqscan')
      client.release()
    }
  })
})

describe('sums of what is missing', () => {
  test('are the same in list and head, each state its own, and can be searched', async () => {
    const hop = new TestHop(aSession())
    const [call, unseen, gone] = [aSpan(), aSpan(), aSpan()]
    const lines = [
      hop.open('GET /'),
      hop.line({ kind: 'call', call }),
      hop.line({ kind: 'return', call, status: 'ok', callee: { span: unseen, last: 7 } }),
      ...Array.from({ length: 6 }, () => hop.line({ message: 'step' })),
    ]
    // Number 6 is on its way, 5 and the last two were dropped, and so was a hop of which nothing else is known.
    const dropped = [
      { reason: 'buffer_full', session: hop.session, span: hop.span, from: 5, to: 5 },
      { reason: 'buffer_full', session: hop.session, span: hop.span, from: 10, to: 11 },
      { reason: 'exit', session: hop.session, span: gone, from: 1, to: 4 },
    ]
    await t.send(storefront, lines.slice(0, 4), dropped)
    t.hold(storefront)
    await t.send(storefront, lines.slice(6))
    const sums = { missing: 15, missingByState: { dropped: 7, expected: 8 } }
    expect((await view(hop.session)).session).toMatchObject(sums)
    expect(await listed(hop.session)).toMatchObject([sums])
    expect(await listed(hop.session, 'missing:15')).toHaveLength(1)

    t.clock.nowMs += 601_000
    const later = { missing: 15, missingByState: { dropped: 7, unexplained: 8 } }
    expect((await view(hop.session)).session).toMatchObject(later)
    expect(await listed(hop.session)).toMatchObject([later])
  })
})

describe('exports', () => {
  test('are files with the name of the session: the whole session as JSON, its rows as lines', async () => {
    const { root } = await sendSkewed()
    const url = `/api/v1/sessions/${root.session}`
    const json = await t.app.inject({ url: `${url}?format=json&download=1`, headers: HEADERS })
    expect(json.headers['content-disposition']).toBe(`attachment; filename="session-${root.session}.json"`)
    expect(json.headers['content-type']).toBe('application/json; charset=utf-8')
    const { events, ...whole } = json.json<SessionView & { events: EventView[] }>()
    expect(whole).toEqual(await view(root.session))
    expect(events).toEqual(await rows(root.session))

    const lines = await t.app.inject({ url: `${url}/events?format=ndjson&order=cause&download=1`, headers: HEADERS })
    expect(lines.headers['content-disposition']).toBe(`attachment; filename="session-${root.session}.ndjson"`)
    expect(
      lines.body
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(await rows(root.session, 'order=cause'))
  })

  test('have no name of a file where none is asked for', async () => {
    const { root } = await sendSkewed()
    const answer = await t.app.inject({ url: `/api/v1/sessions/${root.session}?format=json`, headers: HEADERS })
    expect(answer.headers).not.toHaveProperty('content-disposition')
  })
})
