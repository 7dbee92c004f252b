import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BreakerBoard, BreakerHistory, BreakerView, FieldList, SessionList, SessionView } from '../src/api.js'
import { openProjectReader } from '@groundtrack/db'
import { listBreakersOf } from '../src/breakers/list-breakers-of.js'
import { aCall, aTurn } from './breakers.test-kit.js'
import { aNode, aSession, NOW_MS, openTestApp, TestHop, type TestApp, type TestNode } from './query.test-kit.js'

let t: TestApp
const cart = aNode('cart')
const checkout = aNode('checkout', 'demo')
const silent = aNode('storefront')
const payments = aNode('payments')
const ADDRESS = 'http://10.0.0.7:8080'
const toPayments = { service: 'payments', version: '1.0', node: payments.id, address: ADDRESS }
const toAddress = { address: ADDRESS }
const MINUTE_MS = 60_000
const at = (minutesAgo: number) => NOW_MS - minutesAgo * MINUTE_MS
const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, -1)}000Z`

/** Calls that failed, by which cart's breaker tripped, and those that were cut while it was open, by their session. */
const tripping: string[] = []
const hurt: { session: string; outcome: string }[] = []
let probe: TestHop

async function failingCall(node: TestNode, minutesAgo: number, target: unknown): Promise<string> {
  const hop = new TestHop(aSession(), [], at(minutesAgo))
  const opened = hop.open('POST /checkout')
  const call = aCall(hop, target)
  await t.send(node, [opened, call.line, call.answer('error', { reason: 'ECONNREFUSED' }), hop.close('error')])
  return hop.session
}

/** cart: three failures at −20 min, open; cuts; half open and closed at −19.5; open again at −2. checkout only used its breaker, silent never beat. */
beforeAll(async () => {
  t = await openTestApp()
  for (const node of [cart, checkout, payments]) await t.announce(node)
  await t.db.owner.query('UPDATE node SET address = $1 WHERE node_uuid = $2', [ADDRESS, payments.id])

  await failingCall(cart, 70, toPayments)
  for (const minutesAgo of [20.3, 20.2]) tripping.push(await failingCall(cart, minutesAgo, toPayments))
  const third = new TestHop(aSession(), [], at(20))
  const first = third.open('POST /checkout')
  const call = aCall(third, toAddress)
  tripping.push(third.session)
  const opened = [first, call.line, call.answer('timeout', { reason: 'deadline' })]
  const retestAt = at(19.5)
  await t.send(cart, [...opened, aTurn(third, toPayments, 'closed', 'open', { retestAt }), third.close('error')])
  for (const outcome of ['ok', 'failed'] as const) {
    const hop = new TestHop(aSession(), [], at(19.9))
    const begun = hop.open('GET /cart')
    const cut = aCall(hop, toPayments)
    const lines = [begun, cut.line, cut.answer('cut')]
    const again = aCall(hop, toPayments)
    lines.push(again.line, again.answer('cut'))
    await t.send(cart, [...lines, hop.close(outcome === 'ok' ? 'ok' : 'error')])
    hurt.unshift({ session: hop.session, outcome })
  }
  probe = new TestHop(aSession(), [], at(19.5))
  const lines = [probe.open('GET /cart'), aTurn(probe, toPayments, 'open', 'half_open', { failures: 3 })]
  await t.send(cart, [...lines, aTurn(probe, toPayments, 'half_open', 'closed', { failures: 0, reason: '' }), probe.close()])
  const last = new TestHop(aSession(), [], at(2))
  await t.send(cart, [last.open('GET /cart'), aTurn(last, toPayments, 'closed', 'open', { reason: 'HTTP 502' }), last.close('error')])
  hurt.splice(2)

  const used = new TestHop(aSession(), [], at(5))
  const guarded = aCall(used, toAddress, { breaker: 'closed' })
  await t.send(checkout, [used.open('GET /'), guarded.line, guarded.answer('ok'), used.close()])
  const unheard = new TestHop(aSession(), [], at(30))
  await t.send(silent, [unheard.open('GET /'), aTurn(unheard, { service: 'mailer' }, 'closed', 'open'), unheard.close()])
})
afterAll(async () => {
  await t.close()
})

const board = (query = '') => t.get<BreakerBoard>(`/api/v1/breakers${query}`)
async function breakerOf(node: TestNode): Promise<BreakerBoard['items'][number]> {
  const found = (await board()).items.find((item) => item.caller.id === node.id)
  if (!found) throw new Error('no such breaker')
  return found
}

describe('the board', () => {
  test('says of each breaker what its reporter last said, what needs a look first', async () => {
    const { items, counts, next } = await board()

    expect(items.map(({ caller, target, state, failures }) => [caller.service, target.service, state, failures])).toEqual([
      ['cart', 'payments', 'open', 3],
      ['storefront', 'mailer', 'unknown', 3],
      ['checkout', 'payments', 'closed', 0],
    ])
    expect([counts, next]).toEqual([{ closed: 1, open: 1, half_open: 0, unknown: 1 }, null])
  })

  test('names caller and target as the registry does, and links the event that told', async () => {
    const { caller, target, cause, since, reason } = await breakerOf(cart)

    expect([caller, target]).toEqual([
      { id: cart.id, service: 'cart', environment: 'sandbox', name: 'cart-1' },
      { id: payments.id, service: 'payments', address: ADDRESS, name: 'payments-1' },
    ])
    expect([since, reason]).toEqual([iso(at(2) + 2), 'HTTP 502'])
    const { breakers } = await t.get<SessionView>(`/api/v1/sessions/${cause?.session}`)
    expect(breakers).toMatchObject([{ id: (await breakerOf(cart)).id, span: cause?.span, n: cause?.n }])
  })

  test('draws the last hour of those that were not closed all the time', async () => {
    const { lane } = await breakerOf(cart)

    expect(lane.map(({ from, to, state }) => [state, from, to])).toEqual([
      ['open', iso(at(20) + 4), iso(at(19.5) + 2)],
      ['half_open', iso(at(19.5) + 2), iso(at(19.5) + 3)],
      ['closed', iso(at(19.5) + 3), iso(at(2) + 2)],
      ['open', iso(at(2) + 2), iso(NOW_MS)],
    ])
    expect((await breakerOf(checkout)).lane).toEqual([])
    expect((await breakerOf(silent)).lane.at(-1)?.state).toBe('unknown')
  })

  test('is one of an environment, and comes in pages', async () => {
    const first = await board('?limit=2')
    const second = await board(`?limit=2&cursor=${first.next}`)

    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual((await board()).items.map(({ id }) => id))
    expect([first.items.length, second.next]).toEqual([2, null])
    expect((await board('?environment=demo')).items.map(({ caller }) => caller.service)).toEqual(['checkout'])
    await t.get('/api/v1/breakers?cursor=x', 400)
  })

  test('knows nothing once the reporter fell silent, and forgets it an hour later', async () => {
    const views = async () =>
      (await board()).items.filter(({ caller }) => caller.id === cart.id).map(({ state, lastState }) => [state, lastState])
    await t.db.owner.query("UPDATE node SET seen_at = seen_at - ttl_seconds * interval '1.1 seconds' WHERE node_uuid = $1", [cart.id])
    const late = await views()
    await t.db.owner.query("UPDATE node SET state = 'stale' WHERE node_uuid = $1", [cart.id])
    const stale = await views()
    await t.db.owner.query("UPDATE node SET state = 'gone', seen_at = seen_at - interval '2 hours' WHERE node_uuid = $1", [cart.id])
    const gone = await views()
    t.clock.nowMs += 61 * MINUTE_MS
    const later = await views()
    t.clock.nowMs -= 61 * MINUTE_MS
    await t.announce(cart)

    expect([late, stale, gone, later, await views()]).toEqual([
      [['unknown', 'open']],
      [['unknown', 'open']],
      [['unknown', 'open']],
      [],
      [['open', undefined]],
    ])
  })

  test('ends with caller and callee when another takes their place; its own page stays', async () => {
    const { id } = await breakerOf(cart)
    const services = async () => (await board()).items.map(({ caller }) => caller.service).toSorted()
    const becomes = (node: TestNode, change: string) => t.db.owner.query(`UPDATE node SET ${change} WHERE node_uuid = $1`, [node.id])
    await becomes(payments, `state = 'gone', state_at = '${iso(at(59))}'`)
    const gone = await services()
    await becomes(payments, `successor = '${cart.id}'`)
    const replaced = [await services(), (await board()).counts]
    await becomes(payments, `successor = NULL, state_at = '${iso(at(61))}'`)
    const longGone = await services()
    const page = await t.get<BreakerHistory>(`/api/v1/breakers/${id}/history`)
    await becomes(payments, `state = 'up'`)

    expect(gone).toEqual(['cart', 'checkout', 'storefront'])
    expect(replaced).toEqual([['storefront'], { closed: 0, open: 0, half_open: 0, unknown: 1 }])
    expect(longGone).toEqual(['storefront'])
    expect(page.items).toHaveLength(4)
    expect(await services()).toEqual(gone)
  })

  test('lists those of one node, as caller and as called', async () => {
    const reader = openProjectReader(t.db.read, 1)
    const of = async (node: TestNode) => (await listBreakersOf(reader, node.id, NOW_MS)).map((view: BreakerView) => view.caller.service)

    expect([await of(cart), await of(payments), await of(silent)]).toEqual([['cart'], ['cart', 'checkout'], ['storefront']])
  })
})

describe('the history of a breaker', () => {
  const history = async (query = '') => t.get<BreakerHistory>(`/api/v1/breakers/${(await breakerOf(cart)).id}/history${query}`)

  test('holds its turns, newest first, in pages', async () => {
    const all = await history()
    const first = await history('?limit=3')
    const second = await history(`?limit=3&cursor=${first.next}`)

    expect(all.items.map(({ from, to, failures }) => [from, to, failures])).toEqual([
      ['closed', 'open', 3],
      ['half_open', 'closed', 0],
      ['open', 'half_open', 3],
      ['closed', 'open', 3],
    ])
    expect([...first.items, ...second.items]).toEqual(all.items)
    expect(all.items[2]?.cause).toEqual({ session: probe.session, span: probe.span, n: 2 })
    expect(all.breaker).toMatchObject({ state: 'open' })
  })

  test('names the calls that tripped it, however their target was named, and none of before', async () => {
    const { items } = await history('?from=-2h')

    expect(items.at(-1)?.retestAt).toBe(iso(at(19.5)))
    expect(items.map(({ trippedBy }) => trippedBy.length)).toEqual([0, 0, 0, 4])
    expect(
      items
        .at(-1)
        ?.trippedBy.slice(1)
        .map(({ session }) => session),
    ).toEqual(tripping)
    expect(items.at(-1)?.trippedBy.at(-1)).toMatchObject({ status: 'timeout', reason: 'deadline', name: 'POST /pay', durationMs: 1, n: 3 })
  })

  test('counts whom it hurt, and who recovered', async () => {
    const page = await history()

    expect([page.hurtSessions, page.recovered]).toEqual([2, 1])
    expect(page.hurt.map(({ session, outcome }) => ({ session, outcome })).toSorted((a, b) => (a.session < b.session ? 1 : -1))).toEqual(
      hurt,
    )
    expect(page.hurt[0]).toMatchObject({ sessionName: 'GET /cart', status: 'cut', n: 3 })
  })

  test('is that of the range asked for', async () => {
    const page = await history(`?from=-10m&to=now`)

    expect([page.items.length, page.hurtSessions, page.lane.map(({ state }) => state)]).toEqual([1, 0, ['closed', 'open']])
    expect([page.lane[0]?.from, page.lane.at(-1)?.to]).toEqual([iso(at(10)), iso(NOW_MS)])
  })

  test.each(['0'.repeat(32), 'nonsense', '%00', "';--"])('of %s is nowhere', async (id) => {
    await t.get(`/api/v1/breakers/${id}/history`, 404)
  })
})

describe('sessions are found by their troubles', () => {
  const found = async (q: string) =>
    (await t.get<SessionList>(`/api/v1/sessions?from=-2h&limit=200&q=${encodeURIComponent(q)}`)).items.map(({ id }) => id).toSorted()

  test('by what a breaker turned to in them, or whether a call was cut', async () => {
    const opened = await found('breaker:open')

    expect(opened).toHaveLength(5)
    expect(opened).toEqual(expect.arrayContaining([tripping[2], ...hurt.map(({ session }) => session)]))
    expect([await found('breaker:half_open'), await found('breaker:closed')]).toEqual([[probe.session], [probe.session]])
    expect(await found('breaker:open outcome:ok')).toHaveLength(2)
    expect(await found('breaker:open service:checkout')).toEqual([])
    const all = await found('')
    expect(await found('-breaker:open')).toEqual(all.filter((id) => !opened.includes(id)))
    expect(await found('(breaker:open OR breaker:closed)')).toEqual([...opened, probe.session].toSorted())
  })

  test('by a budget that was overrun: by a hop, or by a call that waited for its deadline', async () => {
    const slow = new TestHop(aSession(), [], at(1))
    const lines = [{ ...slow.open('GET /slow'), remainingMs: 50 }]
    slow.ms += 60
    await t.send(cart, [...lines, slow.close()])
    const quick = new TestHop(aSession(), [], at(1))
    await t.send(cart, [{ ...quick.open('GET /quick'), remainingMs: 50 }, quick.close()])

    expect(await found('over_budget:true')).toEqual([tripping[2] ?? '', slow.session].toSorted())
    expect(await found('over_budget:false name:"GET /quick"')).toEqual([quick.session])
    expect(await found('over_budget:true sort -name:"GET /slow"')).toEqual([])
  })

  test('and what can be asked for is offered', async () => {
    const { items } = await t.get<FieldList>('/api/v1/fields')
    const words = (name: string) => items.find((item) => item.name === name)?.values?.map(({ value }) => value)

    expect([words('breaker'), words('over_budget')]).toEqual([
      ['closed', 'open', 'half_open'],
      ['true', 'false'],
    ])
  })

  test('by the short name of a node', async () => {
    expect(await found('node:checkout-1')).toHaveLength(1)
    expect(await found(`node:${checkout.id.slice(0, 8)}*`)).toHaveLength(1)
    expect(await found('node:checkout-9')).toEqual([])
  })

  test('and events of processes are in none of them', async () => {
    const events = async (q: string) =>
      (await t.get<{ items: unknown[] }>(`/api/v1/events?from=-2h&q=${encodeURIComponent(q)}`)).items.length
    const { session: _, span: __, clock: ___, ...turn } = aTurn(new TestHop(aSession()), toPayments, 'half_open', 'open')
    const before = await events('breaker:open')
    await t.send(checkout, [turn])

    expect([await events('breaker:open'), await events('kind:breaker breaker:open')]).toEqual([before, 3])
  })
})
