import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventView, SessionEvents, SessionList, SessionView } from '../src/api.js'
import { aNode, aSession, aSpan, openTestApp, NOW_MS, TestHop, type TestApp, type TestNode } from './query.test-kit.js'

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

/** The session in every way that it is asked for: each must answer, and count the same rows. */
async function readAll(session: string): Promise<{ view: SessionView; rows: SessionEvents['items']; listed: SessionList['items'] }> {
  const url = `/api/v1/sessions/${session}`
  const view = await t.get<SessionView>(url)
  const tree = await t.get<SessionEvents>(`${url}/events?limit=1000`)
  for (const order of ['cause', 'clock']) {
    const answer = await t.get<SessionEvents>(`${url}/events?limit=1000&order=${order}`)
    expect(answer.total).toBe(tree.total)
  }
  const { items } = await t.get<SessionList>(`/api/v1/sessions?q=session:${session}&from=1970-01-01&to=2200-01-01`)
  return { view, rows: tree.items, listed: items }
}

const kindsOf = (view: SessionView) => view.oddities.map(({ kind }) => kind)

/** As the wires of other kinds will leave it. */
async function markForeign(node: TestNode, origin: 'otlp' | 'mdk'): Promise<void> {
  await t.db.owner.query('UPDATE groundtrack.node SET origin = $2 WHERE node_uuid = $1', [node.id, origin])
}

describe('a session is answered, with what is odd named, when', () => {
  test('two hops claim each to be called by the other', async () => {
    const session = aSession()
    const [a, b] = [new TestHop(session), new TestHop(session)]
    await t.send(storefront, [a.open('a', { parent: b.span }), a.line({ message: 'a' }), a.close()])
    await t.send(checkout, [b.open('b', { parent: a.span }), b.line({ message: 'b' }), b.close()])
    const { view, rows } = await readAll(session)
    expect(kindsOf(view)).toContain('cycle_cut')
    expect(rows).toHaveLength(6)
    expect(view.hops).toHaveLength(2)
  })

  test('returns claim what never can have been', async () => {
    const session = aSession()
    const [a, b] = [new TestHop(session), new TestHop(session)]
    const claim = (hop: TestHop, other: TestHop) => [
      hop.open('x'),
      hop.line({ kind: 'return', call: aSpan(), status: 'ok', callee: { span: other.span, last: 3 } }),
      hop.close(),
    ]
    await t.send(storefront, claim(a, b))
    await t.send(checkout, claim(b, a))
    const { view, rows } = await readAll(session)
    expect(kindsOf(view)).toContain('cycle_cut')
    expect(rows).toHaveLength(6)
  })

  test('its clocks are as long as they may be, and count to two billion', async () => {
    const session = aSession()
    const deep = new TestHop(
      session,
      Array.from({ length: 63 }, (_, i) => i + 1),
    )
    const span = aSpan()
    await t.send(storefront, [
      deep.open('deep'),
      deep.close(),
      { session, span, clock: [2_147_483_647], time: NOW_MS, kind: 'open', name: 'far' },
      { session, span, clock: [1], time: NOW_MS, message: 'near' },
    ])
    const { view, rows, listed } = await readAll(session)
    expect(kindsOf(view).filter((kind) => kind === 'deep_clock')).toHaveLength(2)
    expect(view.session.missing).toBe(2_147_483_645)
    expect(listed).toMatchObject([{ missing: 2_147_483_645 }])
    expect(rows.filter((row) => row.kind === 'missing')).toMatchObject([{ span, from: 2, to: 2_147_483_646, state: 'expected' }])
  })

  test('its times are from the ends of the calendar', async () => {
    const session = aSession()
    const span = aSpan()
    const times = [0, -62_000_000_000_000, 9e15, 8_640_000_000_000_000, 253_402_300_800_000, NOW_MS]
    await t.send(
      storefront,
      times.map((time, i) => ({ session, span, clock: [i + 1], time, message: `at ${time}` })),
    )
    const { rows, listed } = await readAll(session)
    expect(rows).toHaveLength(times.length)
    expect(listed).toHaveLength(1)
  })

  test('its root was not seen', async () => {
    const hop = new TestHop(aSession(), [4, 2])
    await t.send(checkout, [hop.open('POST /pay', { parent: aSpan() }), hop.close()])
    const { view } = await readAll(hop.session)
    expect(kindsOf(view)).toEqual(['no_root'])
    expect(view.session).toMatchObject({ complete: false, outcome: 'unknown' })
  })

  test('two nodes claim one path, and one hop comes from two nodes', async () => {
    const session = aSession()
    const root = new TestHop(session)
    const twins = [new TestHop(session, [2]), new TestHop(session, [2])]
    await t.send(storefront, [root.open('GET /'), root.line({ kind: 'call', call: aSpan() }), root.close()])
    await t.send(checkout, [twins[0]?.open('one', { parent: aSpan() }) ?? {}, twins[0]?.close() ?? {}])
    await t.send(storefront, [twins[1]?.open('two', { parent: aSpan() }) ?? {}])
    await t.send(checkout, [twins[1]?.close() ?? {}])
    const { view, rows } = await readAll(session)
    expect(kindsOf(view)).toEqual(['shared_path', 'two_nodes'])
    expect(rows).toHaveLength(7)
  })

  test('it runs over two environments', async () => {
    const session = aSession()
    const root = new TestHop(session)
    const call = aSpan()
    const callee = new TestHop(session, [2])
    await t.send(storefront, [root.open('GET /'), root.line({ kind: 'call', call, oneway: true }), root.close()])
    await t.send(payments, [callee.open('POST /pay', { parent: call, call }), callee.close()])
    const { view, listed } = await readAll(session)
    expect(view.oddities).toEqual([{ kind: 'two_environments', text: 'This session runs over 2 environments: demo, sandbox.' }])
    expect(listed).toMatchObject([{ environment: 'sandbox', complete: true }])
  })

  test('the same headers were joined twice', async () => {
    const root = new TestHop(aSession())
    const call = aSpan()
    const twins = [new TestHop(root.session, [2]), new TestHop(root.session, [2])]
    await t.send(storefront, [root.open('GET /'), root.line({ kind: 'call', call, oneway: true }), root.close()])
    for (const hop of twins) await t.send(checkout, [hop.open('job', { parent: call, call }), hop.close()])
    const { view } = await readAll(root.session)
    expect(view.hops.map(({ joinedTwice, parentSpan }) => [joinedTwice, parentSpan])).toEqual([
      [undefined, null],
      [true, root.span],
      [true, root.span],
    ])
    expect(view.calls[0]?.callees.toSorted()).toEqual(twins.map(({ span }) => span).toSorted())
    expect(kindsOf(view)).toEqual([])
  })
})

describe('hops of processes without the SDK', () => {
  test('of plain OpenTelemetry stand by parent and time, and completeness is known as far as it goes', async () => {
    const gateway = aNode('gateway')
    const session = aSession()
    const root = new TestHop(session)
    const [call, span] = [aSpan(), aSpan()]
    await t.send(storefront, [
      root.open('GET /'),
      root.line({ kind: 'call', call }),
      root.line({ kind: 'return', call, status: 'ok' }),
      root.close(),
    ])
    const line = (ms: number, fields: object) => ({ session, span, time: NOW_MS + ms, ...fields })
    await t.send(gateway, [
      line(4, { kind: 'close', status: 'ok' }),
      line(3, { message: 'second' }),
      line(2, { message: 'first' }),
      line(2, { kind: 'open', name: 'GET upstream', parent: call }),
    ])
    await markForeign(gateway, 'otlp')
    const { view, rows, listed } = await readAll(session)
    expect(rows.map((row) => (row.kind === 'log' ? (row as EventView).message : row.kind))).toEqual([
      'open',
      'call',
      'open',
      'first',
      'second',
      'close',
      'return',
      'close',
    ])
    expect(rows.filter((row) => 'ambiguous' in row)).toHaveLength(2)
    expect(view.hops[1]).toMatchObject({ service: 'gateway', parentSpan: root.span, state: 'ok', last: 0 })
    expect(view.nodes.find(({ service }) => service === 'gateway')).toMatchObject({ origin: 'otlp' })
    expect(view.session).toMatchObject({ complete: false, completeAsFarAsKnown: true, missing: 0, missingByState: {} })
    expect(listed).toMatchObject([{ complete: false, completeAsFarAsKnown: true, outcome: 'ok' }])
  })

  test('of the MDK have holes that nobody can explain, and no end that anybody knows', async () => {
    const legacy = aNode('legacy')
    const session = aSession()
    const root = new TestHop(session)
    const call = aSpan()
    await t.send(storefront, [
      root.open('GET /'),
      root.line({ kind: 'call', call }),
      root.line({ kind: 'return', call, status: 'ok' }),
      root.close(),
    ])
    await t.announce(legacy)
    const span = aSpan()
    await t.send(
      legacy,
      [1, 3, 6].map((n) => ({ session, span, clock: [2, n], time: NOW_MS + 2, message: `step ${n}` })),
    )
    await markForeign(legacy, 'mdk')
    t.clock.nowMs += 700_000
    const { view, rows, listed } = await readAll(session)
    t.clock.nowMs = NOW_MS
    expect(view.hops[1]).toMatchObject({ service: 'legacy', parentSpan: root.span, state: 'unknown' })
    expect(rows.filter((row) => row.kind === 'missing')).toMatchObject([
      { from: 2, to: 2, state: 'unknowable' },
      { from: 4, to: 5, state: 'unknowable' },
    ])
    const sums = { missing: 0, missingByState: { unknowable: 3 }, complete: false, completeAsFarAsKnown: true, outcome: 'ok' }
    expect(view.session).toMatchObject(sums)
    expect(listed).toMatchObject([sums])
  })
})

test(
  'a hundred thousand children of one hop are counted truly, listed as far as sensible, and read by windows',
  { timeout: 90_000 },
  async () => {
    const CHILDREN = 100_000
    const BATCH = 10_000
    const session = aSession()
    const root = new TestHop(session)
    const prefix = aSpan().slice(0, 8)
    const idOf = (i: number) => prefix + i.toString(16).padStart(8, '0')
    await t.send(storefront, [root.open('GET /fan-out')])
    for (let start = 0; start < CHILDREN; start += BATCH) {
      const numbers = Array.from({ length: BATCH }, (_, i) => start + i)
      await t.send(
        storefront,
        numbers.map((i) => root.line({ kind: 'call', call: idOf(i), oneway: true })),
      )
      await t.send(
        checkout,
        numbers.map((i) => ({
          session,
          span: idOf(CHILDREN + i),
          clock: [i + 2, 1],
          time: NOW_MS + i,
          kind: 'open',
          name: 'job',
          parent: idOf(i),
          call: idOf(i),
        })),
      )
    }
    const view = await t.get<SessionView>(`/api/v1/sessions/${session}`)
    expect(view.session).toMatchObject({ events: 2 * CHILDREN + 1, missing: 0, complete: false })
    expect(view.totals).toEqual({ hops: CHILDREN + 1, calls: CHILDREN, missing: 0 })
    expect([view.hops.length, view.calls.length]).toEqual([20_000, 20_000])
    const last = await t.get<SessionEvents>(`/api/v1/sessions/${session}/events?from=${2 * CHILDREN}&limit=10`)
    expect(last).toMatchObject({
      total: 2 * CHILDREN + 1,
      from: 2 * CHILDREN,
      next: null,
      items: [{ kind: 'open', clock: [CHILDREN + 1, 1] }],
    })
  },
)
