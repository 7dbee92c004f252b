import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { forgetBreakers, rollUpCalls } from '@groundtrack/db'
import { aCall, aTurn, freeze, post, restart, sumCalls } from './breakers.test-kit.js'
import { aNode, aSession, NOW_MS, openTestApp, TestHop, type TestApp } from './query.test-kit.js'

let t: TestApp
beforeAll(async () => {
  t = await openTestApp()
})
afterAll(async () => {
  await t.close()
})
beforeEach(async () => {
  await t.db.owner.query('TRUNCATE call_fresh, call_count, call_failure, breaker, breaker_change')
})

const PRODUCER = '6f1c1f0e-2b51-4a7e-9d6c-3f7c0a5e1c01'
const payments = { service: 'payments', node: '6f1c1f0e-2b51-4a7e-9d6c-3f7c0a5e1c02', address: 'http://10.0.0.7:8080' }
const NOTHING = { calls: 0, ended: 0, errors: 0, timeouts: 0, cuts: 0, unpaired: 0 }

async function failures() {
  const { rows } = await t.db.read.query(
    'SELECT status, name, reason, duration_ms AS "durationMs", number, breaker_id IS NOT NULL AS "isKnown" FROM call_failure ORDER BY time, name',
  )
  return rows
}

/** A call in one batch and its failed return in the next, of one producer. */
function twoBatches() {
  const node = aNode('cart')
  const hop = new TestHop(aSession())
  const call = aCall(hop, payments)
  const answer = call.answer('error', { reason: 'ECONNREFUSED' })
  const producer = crypto.randomUUID()
  return { sent: freeze(node, 0, [call.line], producer), answered: freeze(node, 1, [answer], producer) }
}
const FAILED_ONCE = { ...NOTHING, calls: 1, ended: 1, errors: 1 }
const THE_FAILURE = { status: 1, name: 'POST /pay', reason: 'ECONNREFUSED', durationMs: 1, number: 2, isKnown: true }

describe('a call and its return are counted once', () => {
  test('in one batch, which may come twice', async () => {
    const hop = new TestHop(aSession())
    const ok = aCall(hop, payments)
    const late = aCall(hop, payments)
    const body = freeze(aNode('cart'), 0, [
      ok.line,
      ok.answer('ok'),
      late.line,
      late.answer('timeout'),
      aCall(hop, payments, { oneway: true }).line,
    ])

    expect([await post(t.app, body), await post(t.app, body)]).toMatchObject([{ stored: 5 }, { stored: 0, duplicate: true }])
    expect(await sumCalls(t)).toEqual({ ...NOTHING, calls: 3, ended: 2, timeouts: 1 })
  })

  test('in two batches', async () => {
    const { sent, answered } = twoBatches()
    await post(t.app, sent)
    await post(t.app, answered)

    expect([await sumCalls(t), await failures()]).toEqual([FAILED_ONCE, [THE_FAILURE]])
  })

  test('the return first: it is one without a call until the call comes', async () => {
    const { sent, answered } = twoBatches()
    await post(t.app, answered)
    const before = await sumCalls(t)
    await post(t.app, sent)

    expect([before, await sumCalls(t)]).toEqual([{ ...NOTHING, unpaired: 1 }, FAILED_ONCE])
    expect(await failures()).toEqual([{ ...THE_FAILURE, name: '', durationMs: null, isKnown: false }, THE_FAILURE])
  })

  test('the return to a collector that never saw the call', async () => {
    const { sent, answered } = twoBatches()
    await post(t.app, sent)
    const other = await restart(t)
    await post(other, answered)
    await other.close()

    expect([await sumCalls(t), await failures()]).toEqual([FAILED_ONCE, [THE_FAILURE]])
  })

  test('the return, where looking for the call would take too long, without it', async () => {
    await t.db.owner.query('ALTER FUNCTION find_calls RENAME TO find_calls_in_time')
    await t.db.owner.query(`
      CREATE FUNCTION find_calls(integer, jsonb, timestamptz)
      RETURNS TABLE (session text, call text, micros float8, detail jsonb, is_answered boolean) LANGUAGE sql
      AS 'SELECT ''''::text, ''''::text, 0::float8, NULL::jsonb, false FROM pg_sleep(60)'`)
    const { sent, answered } = twoBatches()
    await post(t.app, sent)
    const other = await restart(t)
    const answer = await post(other, answered)
    await other.close()
    await t.db.owner.query('DROP FUNCTION find_calls')
    await t.db.owner.query('ALTER FUNCTION find_calls_in_time RENAME TO find_calls')

    expect([answer.stored, await sumCalls(t)]).toEqual([1, { ...NOTHING, calls: 1, unpaired: 1 }])
  })

  test('a second return of a call says nothing, whoever takes it', async () => {
    const hop = new TestHop(aSession())
    const node = aNode('cart')
    const call = aCall(hop, payments)
    await post(t.app, freeze(node, 0, [call.line, call.answer('ok')], PRODUCER))
    await post(t.app, freeze(node, 2, [call.answer('error')], PRODUCER))

    expect(await sumCalls(t)).toEqual({ ...NOTHING, calls: 1, ended: 1 })
  })

  test('a return whose call never came is counted under no name', async () => {
    const hop = new TestHop(aSession())
    await post(t.app, freeze(aNode('cart'), 0, [aCall(hop, payments).answer('timeout')]))

    const { rows } = await t.db.read.query('SELECT callee_service, callee_node, callee_address, unpaired FROM call_fresh')
    expect(rows).toEqual([{ callee_service: null, callee_node: null, callee_address: null, unpaired: 1 }])
  })

  test('and moving the sums neither loses nor doubles any, whoever moves them', async () => {
    const { sent, answered } = twoBatches()
    await post(t.app, sent)
    const at = new Date(NOW_MS)
    await rollUpCalls(t.db.owner, at)
    await post(t.app, answered)
    const before = await sumCalls(t)

    await Promise.all([rollUpCalls(t.db.owner, at), rollUpCalls(t.db.owner, at)])
    await rollUpCalls(t.db.owner, at)

    const { rows } = await t.db.read.query(
      'SELECT (SELECT count(*)::int FROM call_fresh) AS fresh, caller, callee_service, durations FROM call_count WHERE ended > 0',
    )
    expect([before, await sumCalls(t)]).toEqual([FAILED_ONCE, FAILED_ONCE])
    expect(rows).toEqual([{ fresh: 0, caller: 'cart', callee_service: 'payments', durations: [14, 1] }])
  })
})

describe('the last turn of a breaker is its state', () => {
  const states = async () => (await t.db.read.query('SELECT state, seq::int, failures FROM breaker')).rows

  test('whatever the order of the batches', async () => {
    const node = aNode('cart')
    const producer = crypto.randomUUID()
    const hop = new TestHop(aSession())
    const opened = freeze(node, 0, [aTurn(hop, payments, 'closed', 'open')], producer)
    const probed = freeze(
      node,
      1,
      [aTurn(hop, payments, 'open', 'half_open'), aTurn(hop, payments, 'half_open', 'closed', { failures: 0 })],
      producer,
    )
    await post(t.app, probed)
    await post(t.app, opened)

    const { rows } = await t.db.read.query('SELECT count(*)::int AS turns FROM breaker_change')
    expect([await states(), rows]).toEqual([[{ state: 0, seq: 2, failures: 0 }], [{ turns: 3 }]])
  })

  test('also where the clock of its process was set back', async () => {
    const hop = new TestHop(aSession())
    const opened = aTurn(hop, payments, 'closed', 'open')
    hop.ms -= 60_000
    await t.send(aNode('cart'), [opened, aTurn(hop, payments, 'open', 'closed', { failures: 0 })])

    expect(await states()).toEqual([{ state: 0, seq: 1, failures: 0 }])
  })

  test('a call through a closed breaker makes a row once, and never turns it', async () => {
    const hop = new TestHop(aSession())
    const node = aNode('cart')
    await t.send(node, [aCall(hop, payments, { breaker: 'closed' }).line])
    await t.send(node, [aTurn(hop, payments, 'closed', 'open'), aCall(hop, payments, { breaker: 'half_open' }).line])
    const other = await restart(t)
    await post(other, freeze(node, 0, [aCall(hop, payments, { breaker: 'closed' }).line]))
    await other.close()

    expect(await states()).toEqual([{ state: 1, seq: 1, failures: 3 }])
  })

  test('many breakers turned by two writers at once deadlock nobody', async () => {
    const targets = Array.from({ length: 40 }, (_, i) => ({ address: `http://10.0.0.7:${9_000 + i}` }))
    const node = aNode('cart')
    const bodies = [targets, targets.toReversed()].map((list) => {
      const hop = new TestHop(aSession())
      return freeze(
        node,
        0,
        list.map((target) => aTurn(hop, target, 'closed', 'open')),
      )
    })
    await Promise.all(bodies.map((body) => post(t.app, body)))

    expect(await states()).toHaveLength(40)
  })
})

test('a breaker is forgotten with its process, and not while that lives', async () => {
  const [lives, gone] = [aNode('cart'), aNode('cart')]
  await t.announce(lives)
  for (const node of [lives, gone]) await t.send(node, [aTurn(new TestHop(aSession()), payments, 'closed', 'open')])
  const longAgo = await forgetBreakers(t.db.owner, new Date(NOW_MS - 86_400_000))
  const later = await forgetBreakers(t.db.owner, new Date(NOW_MS + 86_400_000))

  const { rows } = await t.db.read.query('SELECT n.node_uuid FROM breaker b JOIN node n ON n.id = b.node_id')
  expect([longAgo, later, rows]).toEqual([0, 1, [{ node_uuid: lives.id }]])
})

describe('what is wrong with them is stored, and breaks nothing', () => {
  test.each([
    ['a breaker without a target', { kind: 'breaker', from: 'closed', to: 'open' }],
    ['a target that is a text', { kind: 'breaker', target: 'payments', from: 'closed', to: 'open' }],
    [
      'a target of huge and empty texts',
      { kind: 'breaker', target: { service: 'x'.repeat(5_000), node: 'no uuid', address: '' }, from: 'closed', to: 'open' },
    ],
    ['a state that is none', { kind: 'breaker', target: payments, from: 'closed', to: 'ajar' }],
  ])('%s makes no breaker', async (_, fields) => {
    const hop = new TestHop(aSession())
    expect(await post(t.app, freeze(aNode('cart'), 0, [hop.line(fields)]))).toMatchObject({ stored: 1 })
    const { rows } = await t.db.read.query(
      'SELECT (SELECT count(*)::int FROM breaker) AS breakers, (SELECT count(*)::int FROM breaker_change) AS turns',
    )
    expect(rows).toEqual([{ breakers: 0, turns: 0 }])
  })

  test('NUL, half a surrogate pair and numbers out of range are mended or left out', async () => {
    const hop = new TestHop(aSession())
    const turn = aTurn(hop, { address: 'http://a\u0000b\uD800' }, 'closed', 'open', {
      failures: 1e99,
      retestAt: 9e15,
      reason: 'r'.repeat(5_000),
    })
    const call = aCall(hop, { address: 'x'.repeat(3_000) }, { name: '\u0000'.repeat(300), breaker: 'closed' })
    await post(t.app, freeze(aNode('cart'), 0, [turn, call.line, call.answer('error', { reason: 'tab\tand\nline\\' })]))

    const { rows } = await t.db.read.query('SELECT target_address, failures, retest_at, length(reason) AS reason FROM breaker')
    expect(rows).toEqual([{ target_address: 'http://a␀b\uFFFD', failures: 2_147_483_647, retest_at: null, reason: 500 }])
    expect(await failures()).toMatchObject([{ reason: 'tab\tand\nline\\', isKnown: false }])
  })

  test('a breaker that a timer turns belongs to no session', async () => {
    const { session: _, span: __, clock: ___, ...turn } = aTurn(new TestHop(aSession()), payments, 'open', 'half_open')
    const node = aNode('cart')
    await post(t.app, freeze(node, 0, [turn]))

    const { rows } = await t.db.read.query('SELECT state, session_id, span::int, number FROM breaker')
    expect(rows).toEqual([{ state: 2, session_id: node.id, span: 0, number: null }])
  })
})
