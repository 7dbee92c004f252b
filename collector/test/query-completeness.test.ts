import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SessionEvents, SessionList, SessionView } from '../src/api.js'
import { aNode, aSession, aSpan, openTestApp, NOW_MS, TestHop, type TestApp } from './query.test-kit.js'

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

const storefront = aNode('storefront')
const checkout = aNode('checkout')

const view = (session: string) => t.get<SessionView>(`/api/v1/sessions/${session}`)
const rows = async (session: string, query = '') => (await t.get<SessionEvents>(`/api/v1/sessions/${session}/events?${query}`)).items

describe('a hop of which nothing came but its name in a return', () => {
  test('stands among the hops under the call that was answered, and its numbers are missed once', async () => {
    const root = new TestHop(aSession())
    const [before, lost, after] = [aSpan(), aSpan(), aSpan()]
    const lostSpan = aSpan()
    const first = new TestHop(root.session, [2])
    const second = new TestHop(root.session, [5])
    await t.send(storefront, [
      root.open('GET /'),
      root.line({ kind: 'call', call: before }),
      root.line({ kind: 'call', call: lost, target: { service: 'checkout', node: checkout.id } }),
      root.line({ kind: 'return', call: lost, status: 'ok', callee: { span: lostSpan, last: 7 } }),
      root.line({ kind: 'call', call: after }),
      root.close(),
    ])
    await t.send(checkout, [first.open('POST /a', { parent: before, call: before }), first.close()])
    await t.send(checkout, [second.open('POST /b', { parent: after, call: after }), second.close()])
    const { hops, calls, missing, session } = await view(root.session)
    expect(hops.map(({ span }) => span)).toEqual([root.span, first.span, lostSpan, second.span])
    expect(hops[2]).toEqual({
      span: lostSpan,
      parent: lost,
      parentSpan: root.span,
      node: checkout.id,
      service: 'checkout',
      path: [3],
      name: '',
      opened: '2026-01-15T12:00:00.003000Z',
      events: 0,
      errors: 0,
      last: 7,
      state: 'unknown',
      onlyNamed: true,
    })
    expect(calls.map(({ callees }) => callees)).toEqual([[first.span], [lostSpan], [second.span]])
    expect(missing).toEqual([{ span: lostSpan, from: 1, to: 7, state: 'expected', time: '2026-01-15T12:00:00.004000Z' }])
    expect(session).toMatchObject({ missing: 7, missingByState: { expected: 7 }, complete: false })
  })

  test('died with the node that its call was sent to', async () => {
    const mailer = aNode('mailer')
    const root = new TestHop(aSession())
    const [seen, lost] = [aSpan(), aSpan()]
    const hop = new TestHop(root.session, [2])
    await t.announce(mailer)
    await t.send(mailer, [hop.open('POST /mails', { parent: seen, call: seen }), hop.close()])
    await t.send(storefront, [
      root.open('GET /'),
      root.line({ kind: 'call', call: seen }),
      root.line({ kind: 'call', call: lost, target: { service: 'mailer', node: mailer.id } }),
      root.line({ kind: 'return', call: lost, status: 'ok', callee: { span: aSpan(), last: 2 } }),
      root.close(),
    ])
    expect((await view(root.session)).hops[2]).toMatchObject({ onlyNamed: true, state: 'unknown' })
    t.clock.nowMs += 61_000
    expect((await view(root.session)).hops[2]).toMatchObject({ onlyNamed: true, state: 'died', service: 'mailer' })
  })
})

describe('last words', () => {
  test('are told of every hop that died, however many', async () => {
    const mailer = aNode('mailer')
    const session = aSession()
    await t.announce(mailer)
    const hops = Array.from({ length: 300 }, () => new TestHop(session))
    await t.send(
      mailer,
      hops.flatMap((hop, i) => [hop.open('job'), hop.line({ message: `last of ${i}` })]),
    )
    t.clock.nowMs += 61_000
    const shown = (await view(session)).hops
    expect(new Set(shown.map(({ lastWords }) => lastWords?.message))).toEqual(new Set(hops.map((_, i) => `last of ${i}`)))
  })

  test('that are long are cut, and say so', async () => {
    const mailer = aNode('mailer')
    const hop = new TestHop(aSession())
    await t.announce(mailer)
    await t.send(mailer, [hop.open('job'), hop.line({ message: 'x'.repeat(10_000) })])
    t.clock.nowMs += 61_000
    const words = (await view(hop.session)).hops[0]?.lastWords
    expect(words).toMatchObject({ n: 2, cut: true })
    expect(words?.message).toBe('x'.repeat(8_192))
  })
})

describe('a gap', () => {
  test('is dated by the event before it, else after it, in head and rows; a loss without a hop by when it was reported', async () => {
    const hop = new TestHop(aSession())
    const gone = aSpan()
    const lines = Array.from({ length: 6 }, () => hop.line({ message: 'step' }))
    t.hold(storefront)
    await t.send(storefront, lines.slice(1, 3), [{ reason: 'buffer_full', session: hop.session, span: gone, from: 1, to: 2 }])
    t.hold(storefront)
    await t.send(storefront, lines.slice(4))
    const dated = [
      { span: hop.span, from: 1, to: 1, state: 'expected', time: '2026-01-15T12:00:00.002000Z' },
      { span: hop.span, from: 4, to: 4, state: 'expected', time: '2026-01-15T12:00:00.003000Z' },
      { span: gone, from: 1, to: 2, state: 'dropped', reason: 'buffer_full', time: '2026-01-15T12:00:00.000000Z' },
    ]
    expect((await view(hop.session)).missing).toEqual(dated)
    expect((await rows(hop.session)).filter((row) => row.kind === 'missing')).toEqual(dated.map((run) => ({ kind: 'missing', ...run })))
  })
})

describe('numbers that nobody gave up', () => {
  const states = async (session: string) => (await view(session)).missing.map(({ from, to, state }) => ({ from, to, state }))

  test('are expected while a hole of their producer is around them, and unexplained at once when none is', async () => {
    const cart = aNode('cart')
    const hop = new TestHop(aSession())
    const lines = [hop.open('GET /cart'), ...Array.from({ length: 7 }, () => hop.line()), hop.close()]
    const held = [{ session: aSession(), span: aSpan(), clock: [1], time: NOW_MS, message: 'of another session' }]
    // Number 3 is on its way with one of another session; number 6 never had a number of the producer.
    await t.send(cart, lines.slice(0, 2))
    t.hold(cart, 2)
    await t.send(cart, lines.slice(3, 5))
    await t.send(cart, lines.slice(6))
    const unexplained = { from: 6, to: 6, state: 'unexplained' }
    expect(await states(hop.session)).toEqual([{ from: 3, to: 3, state: 'expected' }, unexplained])
    expect((await rows(hop.session)).filter((row) => row.kind === 'missing')).toMatchObject([{ state: 'expected' }, unexplained])

    // What comes late fills the hole, but not the gap.
    await t.sendAs(cart, 2, [...held, { ...held[0], clock: [2] }])
    expect(await states(hop.session)).toEqual([{ from: 3, to: 3, state: 'unexplained' }, unexplained])
  })

  test('come late: then they are there', async () => {
    const cart = aNode('cart')
    const hop = new TestHop(aSession())
    const [open, late, close] = [hop.open('GET /cart'), hop.line({ message: 'late' }), hop.close()]
    await t.send(cart, [open])
    t.hold(cart)
    await t.send(cart, [close])
    expect(await states(hop.session)).toEqual([{ from: 2, to: 2, state: 'expected' }])
    await t.sendAs(cart, 1, [late])
    expect(await states(hop.session)).toEqual([])
  })

  test('died with their node where they were never delivered; what was delivered did not die', async () => {
    const cart = aNode('cart')
    const hop = new TestHop(aSession())
    const lines = [hop.open('GET /cart'), ...Array.from({ length: 5 }, () => hop.line())]
    await t.announce(cart)
    await t.send(cart, lines.slice(0, 1))
    t.hold(cart)
    await t.send(cart, [...lines.slice(2, 3), ...lines.slice(4)])
    t.clock.nowMs += 61_000
    expect(await states(hop.session)).toEqual([
      { from: 2, to: 2, state: 'died' },
      { from: 4, to: 4, state: 'unexplained' },
    ])
  })

  test('are waited for ten minutes after what came next, not after whatever else came of their hop', async () => {
    const cart = aNode('cart')
    const hop = new TestHop(aSession())
    const [open, , step, close] = [hop.open('job'), hop.line(), hop.line(), hop.close()]
    await t.send(cart, [open])
    t.hold(cart)
    await t.send(cart, [step])
    t.clock.nowMs += 595_000
    expect(await states(hop.session)).toEqual([{ from: 2, to: 2, state: 'expected' }])
    await t.send(cart, [close])
    t.clock.nowMs += 6_000
    expect(await states(hop.session)).toEqual([{ from: 2, to: 2, state: 'unexplained' }])
  })

  test('at the beginning of a hop are judged by all that its producer numbered before', async () => {
    const [cart, other] = [aNode('cart'), aNode('cart')]
    const [held, whole] = [new TestHop(aSession()), new TestHop(aSession())]
    for (const hop of [held, whole]) hop.open('GET /cart')
    t.hold(cart)
    await t.send(cart, [held.line(), held.close()])
    await t.send(other, [whole.line(), whole.close()])
    expect(await states(held.session)).toEqual([{ from: 1, to: 1, state: 'expected' }])
    expect(await states(whole.session)).toEqual([{ from: 1, to: 1, state: 'unexplained' }])
  })

  test('at the end of a hop may come until ten minutes passed: nothing says that the producer gave no more numbers', async () => {
    const root = new TestHop(aSession())
    const call = aSpan()
    const callee = new TestHop(root.session, [2])
    await t.send(checkout, [callee.open('POST /checkout', { parent: call, call })])
    const back = { kind: 'return', call, status: 'ok', callee: { span: callee.span, last: 2 } }
    await t.send(storefront, [root.open('GET /'), root.line({ kind: 'call', call }), root.line(back), root.close()])
    expect(await states(root.session)).toEqual([{ from: 2, to: 2, state: 'expected' }])
    t.clock.nowMs += 601_000
    expect(await states(root.session)).toEqual([{ from: 2, to: 2, state: 'unexplained' }])
  })

  test('count the same in a list, and are as many in each state once all has settled', async () => {
    const cart = aNode('cart')
    const hop = new TestHop(aSession())
    const lines = [hop.open('GET /cart'), ...Array.from({ length: 5 }, () => hop.line()), hop.close()]
    await t.send(
      cart,
      [...lines.slice(0, 2), ...lines.slice(3, 4)],
      [{ reason: 'exit', session: hop.session, span: aSpan(), from: 1, to: 3 }],
    )
    t.hold(cart)
    await t.send(cart, lines.slice(5))
    const sums = async () => [
      (await view(hop.session)).session.missingByState,
      (await t.get<SessionList>(`/api/v1/sessions?q=session:${hop.session}`)).items[0]?.missingByState,
    ]
    // A list doesn't ask the ledger: number 3 was never numbered by its producer, number 5 is on its way.
    expect(await sums()).toEqual([
      { dropped: 3, unexplained: 1, expected: 1 },
      { dropped: 3, expected: 2 },
    ])
    t.clock.nowMs += 601_000
    expect(await sums()).toEqual([
      { dropped: 3, unexplained: 2 },
      { dropped: 3, unexplained: 2 },
    ])
  })
})

describe('complete in a list', () => {
  /** The verdicts of list and head, which must be one. */
  const verdict = async (session: string) => {
    const { complete, completeAsFarAsKnown } = (await view(session)).session
    const [listed] = (await t.get<SessionList>(`/api/v1/sessions?q=session:${session}`)).items
    expect([listed?.complete, listed?.completeAsFarAsKnown]).toEqual([complete, completeAsFarAsKnown])
    return complete ? 'complete' : completeAsFarAsKnown === true ? 'as far as known' : 'not complete'
  }

  test('is a session whose calls are all answered, over however many batches, and not one with a call that nobody took', async () => {
    const root = new TestHop(aSession())
    const calls = [aSpan(), aSpan(), aSpan()]
    await t.send(storefront, [root.open('GET /'), ...calls.map((call, i) => root.line({ kind: 'call', call, oneway: i === 2 }))])
    await t.send(storefront, [root.line({ kind: 'return', call: calls[0], status: 'ok' }), root.close()])
    expect(await verdict(root.session)).toBe('not complete')
    await t.send(storefront, [root.line({ kind: 'return', call: calls[1], status: 'timeout' })])
    expect(await verdict(root.session)).toBe('complete')
  })

  test('is not a session of whose caller nothing came', async () => {
    const hop = new TestHop(aSession(), [2])
    await t.send(checkout, [hop.open('POST /checkout', { parent: aSpan(), call: aSpan() }), hop.close()])
    expect(await verdict(hop.session)).toBe('not complete')
  })

  test('is known as far as it can be where a stranger called', async () => {
    const hop = new TestHop(aSession())
    await t.send(checkout, [hop.open('POST /checkout', { parent: aSpan() }), hop.close()])
    expect(await verdict(hop.session)).toBe('as far as known')
  })

  test('is never more than in the head: a call without a return whose callee was seen counts as unanswered', async () => {
    const root = new TestHop(aSession())
    const call = aSpan()
    const callee = new TestHop(root.session, [2])
    await t.send(storefront, [root.open('GET /'), root.line({ kind: 'call', call }), root.close()])
    await t.send(checkout, [callee.open('POST /checkout', { parent: call, call }), callee.close()])
    const [listed] = (await t.get<SessionList>(`/api/v1/sessions?q=session:${root.session}`)).items
    expect([listed?.complete, (await view(root.session)).session.complete]).toEqual([false, true])
  })
})

test('the producers of a node are found by their index', async () => {
  const client = await t.db.read.connect()
  try {
    await client.query('SET enable_seqscan TO off')
    const { rows: plan } = await client.query<Record<string, string>>('EXPLAIN SELECT FROM producer WHERE node_id = 7 AND project_id = 1')
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('producer_node')
  } finally {
    await client.query('RESET enable_seqscan')
    client.release()
  }
})
