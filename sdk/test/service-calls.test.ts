import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Call } from '../src/call.js'
import type { ResolvedNode } from '../src/calls/resolved-node.js'
import { BreakerOpenError, DeadlineError, NoNodeError } from '../src/errors.js'
import { tracedFetch } from '../src/integrations/fetch.js'
import { nodePlatform } from '../src/platform/node/platform.js'
import type { Session } from '../src/session.js'
import type { GroundtrackOptions } from '../src/settings.js'
import { Callee } from './callee.js'
import type { Line } from './fault-server.js'
import { startRig, type Rig } from './rig.js'

let rig: Rig
let cart: Callee
let sister: Callee
let skippedMs = 0
beforeEach(async () => {
  skippedMs = 0
  ;[cart, sister] = [await new Callee().start(), await new Callee().start()]
  rig = await started({ nodes: [cart.as('cart')] })
  cart.gt = rig.gt
})
afterEach(async () => {
  await rig.stop()
  await Promise.all([cart.stop(), sister.stop()])
})

/** The rig with a clock that can skip ahead. */
function started(options: GroundtrackOptions): Promise<Rig> {
  const { time } = nodePlatform()
  return startRig(options, { platform: { time: { ...time, monotonicMs: () => time.monotonicMs() + skippedMs } } })
}

async function restart(options: GroundtrackOptions): Promise<void> {
  await rig.stop()
  rig = await started(options)
}

const ask = (node: ResolvedNode, call: Call): Promise<Response> => fetch(node.address, { headers: call.headers, signal: call.signal })

async function linesOf({ span }: Session, ...kinds: string[]): Promise<Line[]> {
  expect(await rig.gt.flush()).toBe(true)
  return rig.server.stored.filter((line) => line.span === span && (kinds.length === 0 || kinds.includes(line.kind ?? 'log')))
}

const brief = ({ kind, from, to, status }: Line): string =>
  kind === 'breaker' ? `${String(from)} ${String(to)}` : `${kind} ${typeof status === 'string' ? status : ''}`

describe('a call by name', () => {
  test('finds a node, gives its answer back, and is recorded with both of its edges', async () => {
    const session = rig.gt.session({ deadlineMs: 5_000 })

    const answer = await session.call('cart', '1.0', ask, { name: 'GET /cart' })

    expect(await answer.text()).toBe('answer')
    const [call, back] = await linesOf(session, 'call', 'return')
    expect(call).toMatchObject({ name: 'GET /cart', breaker: 'closed', target: { service: 'cart', version: '1.0', address: cart.address } })
    expect(call?.['remainingMs']).toBeGreaterThan(4_000)
    const open = rig.server.stored.find(({ kind, parent }) => kind === 'open' && parent !== undefined)
    expect(open).toMatchObject({ session: session.id, clock: [2, 1], parent: call?.['call'] })
    expect(back).toMatchObject({ status: 'ok', call: call?.['call'], callee: { span: open?.span, last: 1 } })
    expect(cart.baggage).toEqual([expect.stringMatching(/gt-budget-ms=\d{4}$/)])
  })

  test('of another kind than HTTP may come back with anything, and say itself what came', async () => {
    const session = rig.gt.session()
    const callee = rig.gt.session()

    const answer = await session.call('cart', '1.0', (_node, call) => {
      call.answer({ 'gt-clock': callee.clockHeader })
      return { status: 700 }
    })

    expect(answer).toEqual({ status: 700 })
    expect((await linesOf(session, 'return'))[0]).toMatchObject({ status: 'ok', callee: { span: callee.span, last: 1 } })
  })

  test('ends at the deadline, even where the work does not heed the signal', async () => {
    cart.status = 0
    const session = rig.gt.session({ deadlineMs: 30 })
    let signal: AbortSignal | undefined

    const work = session.call('cart', '1.0', (_node, call) => {
      signal = call.signal
      return new Promise(() => {})
    })

    await expect(work).rejects.toThrow(DeadlineError)
    expect(signal?.aborted).toBe(true)
    expect((await linesOf(session, 'return'))[0]).toMatchObject({ status: 'timeout', reason: 'deadline exceeded' })
    await expect(session.call('cart', '1.0', ask)).rejects.toMatchObject({ code: 'deadline_exceeded', service: 'cart' })
    expect((await linesOf(session, 'return'))[1]).toMatchObject({ status: 'timeout' })
    expect(cart.requests).toBe(0)
  })

  test('may have a smaller budget of its own, which is passed on', async () => {
    const session = rig.gt.session({ deadlineMs: 60_000 })
    await session.call('cart', '1.0', ask, { timeoutMs: 1_500 })
    cart.status = 0
    await expect(session.call('cart', '1.0', ask, { timeoutMs: 20 })).rejects.toThrow(DeadlineError)

    const [budget] = cart.baggage.map((text = '') => Number(/gt-budget-ms=(\d+)/.exec(text)?.[1]))
    expect(budget).toBeGreaterThan(1_000)
    expect(budget).toBeLessThanOrEqual(1_500)
  })

  test('that is given up says nothing of the node', async () => {
    cart.status = 0
    const session = rig.gt.session()
    for (let i = 0; i < 4; i++) {
      const controller = new AbortController()
      const call = session.call('cart', '1.0', ask, { signal: controller.signal })
      controller.abort(new Error('the user went away'))
      await expect(call).rejects.toThrow('the user went away')
    }

    expect(await linesOf(session, 'breaker')).toEqual([])
    expect((await linesOf(session, 'return'))[3]).toMatchObject({ status: 'error', reason: 'the user went away' })
  })

  test('with arguments that make no sense blames no node, and leaves none waiting for its end', async () => {
    await restart({ nodes: [cart.as('cart'), sister.as('cart')], balancing: 'least_pending' })
    const session = rig.gt.session()
    for (let i = 0; i < 4; i++) {
      await expect(session.call('cart', '1.0', 7 as unknown as typeof ask)).rejects.toThrow(TypeError)
      const nonsense = { name: Symbol('x'), signal: { aborted: true }, timeoutMs: 'soon' } as unknown as { name: string }
      await session.call('cart', '1.0', ask, nonsense)
    }

    expect([cart.requests, sister.requests]).toEqual([2, 2])
    expect(await linesOf(session, 'breaker')).toEqual([])
  })

  test('is recorded once where fetch records calls, too', async () => {
    const traced = tracedFetch(rig.gt)
    const session = rig.gt.session()

    await session.run(() => session.call('cart', '1.0', (node, call) => traced(node.address, { headers: call.headers })))

    expect((await linesOf(session, 'call', 'return')).map(({ kind }) => kind)).toEqual(['call', 'return'])
  })

  test('that nobody serves fails with what is known and what to do, and is recorded', async () => {
    const session = rig.gt.session({ deadlineMs: 5_000 })

    const error: unknown = await session.call('cart', '1.2', ask).catch((one: unknown) => one)

    expect(error).toBeInstanceOf(NoNodeError)
    expect(error).toMatchObject({ code: 'no_node', service: 'cart', version: '1.2', known: [{ service: 'cart', version: '1.0' }] })
    expect(String(error)).toContain(`Known is only cart 1.0 at ${cart.address}`)
    expect(String(error)).toContain('GROUNDTRACK_NODES')
    const [call, back] = await linesOf(session, 'call', 'return')
    expect(call).toMatchObject({ target: { service: 'cart', version: '1.2' } })
    expect(back).toMatchObject({ status: 'error', reason: 'no node serves cart 1.2' })
  })

  test('takes turns among nodes, or goes to the one with the fewest calls under way', async () => {
    await restart({ nodes: [cart.as('cart'), sister.as('cart')] })
    for (let i = 0; i < 6; i++) await rig.gt.session().call('cart', '1.0', ask)
    expect([cart.requests, sister.requests]).toEqual([3, 3])

    await restart({ nodes: [cart.as('cart'), sister.as('cart')], balancing: 'least_pending' })
    const busy = await rig.gt.session().resolve('cart', '1.0')
    for (let i = 0; i < 4; i++) await rig.gt.session().call('cart', '1.0', ask)
    busy.success()

    const [idle] = [cart, sister].filter(({ address }) => address !== busy.address)
    expect(idle?.requests).toBe(7)
  })
})

describe('a node that fails', () => {
  test('is cut off after three failures, each call is told so, and nothing is sent to it', async () => {
    cart.status = 503
    const session = rig.gt.session()
    for (let i = 0; i < 3; i++) expect((await session.call('cart', '1.0', ask)).status).toBe(503)

    const error: unknown = await session.call('cart', '1.0', ask).catch((one: unknown) => one)

    expect(error).toBeInstanceOf(BreakerOpenError)
    expect(error).toMatchObject({ code: 'breaker_open', service: 'cart', nodes: [{ address: cart.address }] })
    expect(String(error)).toContain('HTTP 503')
    expect(cart.requests).toBe(3)
    const lines = await linesOf(session, 'call', 'return', 'breaker')
    expect(lines.slice(4).map(brief)).toEqual(['call ', 'return error', 'closed open', 'call ', 'return cut'])
    const [call, back, opened, cut, answer] = lines.slice(4)
    expect(call).toMatchObject({ breaker: 'closed' })
    expect(back).toMatchObject({ reason: 'HTTP 503' })
    expect(opened).toMatchObject({ target: { service: 'cart', address: cart.address }, failures: 3, reason: 'HTTP 503' })
    expect(Number(opened?.['retestAt']) - Date.now()).toBeGreaterThan(25_000)
    expect(cut).toMatchObject({ target: { service: 'cart', address: cart.address } })
    expect(cut).not.toHaveProperty('breaker')
    expect(answer?.['reason']).toContain('open breaker')
  })

  test('gives its load to its sister, is tried again by one call, and comes back', async () => {
    await restart({ nodes: [cart.as('cart'), sister.as('cart')] })
    cart.status = -1
    const statuses = new Set<string>()
    for (let i = 0; i < 30; i++)
      statuses.add(
        await rig.gt
          .session()
          .call('cart', '1.0', ask)
          .then(
            ({ status }) => `${status}`,
            () => 'failed',
          ),
      )
    expect([cart.requests, sister.requests]).toEqual([3, 27])
    expect(statuses).toEqual(new Set(['200', 'failed']))

    skippedMs += 30_000
    const probing = rig.gt.session()
    for (let i = 0; i < 2; i++) await probing.call('cart', '1.0', ask).catch(() => undefined)
    expect((await linesOf(probing, 'breaker')).map(brief)).toEqual(['open half_open', 'half_open open'])
    expect(cart.requests).toBe(4)

    cart.status = 200
    skippedMs += 30_000
    const healing = rig.gt.session()
    for (let i = 0; i < 4; i++) await healing.call('cart', '1.0', ask)
    const lines = await linesOf(healing, 'call', 'breaker')
    expect(lines.filter(({ kind }) => kind === 'breaker').map(brief)).toEqual(['open half_open', 'half_open closed'])
    expect(lines.filter(({ breaker }) => breaker === 'half_open')).toHaveLength(1)
    expect(cart.requests).toBe(6)
  })

  test('by exceptions of the work is cut off, too; they come through as they are', async () => {
    const session = rig.gt.session()
    const mine = new TypeError('no stock')
    for (let i = 0; i < 3; i++)
      await expect(
        session.call('cart', '1.0', () => {
          throw mine
        }),
      ).rejects.toBe(mine)

    expect((await linesOf(session, 'breaker'))[0]).toMatchObject({ to: 'open', reason: 'no stock' })
  })

  test('is called as ever where there are to be no breakers', async () => {
    await restart({ nodes: [cart.as('cart')], breaker: false })
    cart.status = 500
    const session = rig.gt.session()
    for (let i = 0; i < 6; i++) await session.call('cart', '1.0', ask)

    expect(cart.requests).toBe(6)
    expect(await linesOf(session, 'breaker')).toEqual([])
    expect((await linesOf(session, 'call'))[0]).not.toHaveProperty('breaker')
  })
})

describe('disabled or stopped', () => {
  test('disabled, static nodes are called all the same, and others are not waited for', async () => {
    await restart({ nodes: [cart.as('cart')], disabled: true })
    const session = rig.gt.session()

    expect((await session.call('cart', '1.0', ask)).status).toBe(200)
    await expect(session.call('mailer', '1.0', ask)).rejects.toThrow(/disabled or stopped/)

    expect(rig.gt.stats().logged).toBe(0)
    expect(rig.server.calls).toEqual([])
  })

  test('stopped, calls go on to the nodes last known, and nothing is recorded', async () => {
    const session = rig.gt.session()
    await session.call('cart', '1.0', ask)
    await rig.gt.stop()
    const { logged } = rig.gt.stats()

    expect((await session.call('cart', '1.0', ask)).status).toBe(200)
    session.start()
    session.fail('late')
    session.finish()

    expect(rig.gt.stats().logged).toBe(logged)
  })
})
