import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SessionEvents, SessionView } from '../src/api.js'
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
    await t.send(
      storefront,
      lines.filter((_, i) => i !== 0 && i !== 3),
      [{ reason: 'buffer_full', session: hop.session, span: gone, from: 1, to: 2 }],
    )
    const dated = [
      { span: hop.span, from: 1, to: 1, state: 'expected', time: '2026-01-15T12:00:00.002000Z' },
      { span: hop.span, from: 4, to: 4, state: 'expected', time: '2026-01-15T12:00:00.003000Z' },
      { span: gone, from: 1, to: 2, state: 'dropped', reason: 'buffer_full', time: '2026-01-15T12:00:00.000000Z' },
    ]
    expect((await view(hop.session)).missing).toEqual(dated)
    expect((await rows(hop.session)).filter((row) => row.kind === 'missing')).toEqual(dated.map((run) => ({ kind: 'missing', ...run })))
  })
})
