import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Line } from './fault-server.js'
import { startRig, type Rig } from './rig.js'

let rig: Rig
beforeEach(async () => {
  rig = await startRig()
})
afterEach(() => rig.stop())

async function lines(): Promise<Line[]> {
  expect(await rig.gt.flush()).toBe(true)
  return rig.server.stored
}

describe('a session', () => {
  test('opens with 1, counts every event without holes and tells where each stands', async () => {
    const session = rig.gt.session({ name: 'GET /cart/:id', deadlineMs: 1_000 })
    session.set('myapp:user_id', 42)
    const position = session.info('cart', 'item added', { sku: 'A-17' })
    session.error('cart', 'no stock')
    session.close({ status: 'error', reason: 'no stock' })
    session.close()
    session.warn('cart', 'too late')

    const [open, set, info, error, close, late, ...more] = await lines()

    const frame = { session: session.id, span: session.span }
    expect(open).toMatchObject({ ...frame, seq: 0, clock: [1], kind: 'open', name: 'GET /cart/:id' })
    expect(open).not.toHaveProperty('parent')
    expect(open?.['remainingMs']).toBe(1_000)
    expect(set).toMatchObject({ ...frame, clock: [2], kind: 'set', key: 'myapp:user_id', value: 42 })
    expect(info).toMatchObject({ ...frame, clock: [3], category: 'cart', message: 'item added', attributes: { sku: 'A-17' } })
    expect(error).toMatchObject({ clock: [4], level: 'error' })
    expect(close).toMatchObject({ clock: [5], kind: 'close', status: 'error', reason: 'no stock' })
    expect(late).toMatchObject({ clock: [6], level: 'warn', message: 'too late' })
    expect(more).toEqual([])
    expect(position).toEqual({ session: session.id, clock: [3] })
  })

  test('has an id that is ordered by time, and its page', () => {
    const before = Date.now()
    const ids = Array.from({ length: 100 }, () => rig.gt.session().id)

    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/)
    expect(new Set(ids).size).toBe(100)
    expect(Number.parseInt(ids[0]?.slice(0, 12) ?? '', 16)).toBeGreaterThanOrEqual(before - 1)
    expect(rig.gt.session().url).toMatch(new RegExp(`^${rig.server.url}/s/[0-9a-f]{32}$`))
  })

  test('gives neither seq nor number to what its level filters out', async () => {
    const session = rig.gt.session()
    const filtered = session.debug('cart', 'filtered')
    session.verbose('debug')
    session.debug('cart', 'kept')
    session.trace('cart', 'filtered, too')
    session.verbose('error')
    session.debug('cart', 'still kept')
    session.close()

    expect(filtered.clock).toEqual([1])
    expect((await lines()).map(({ seq, clock, message }) => [seq, clock, message])).toEqual([
      [0, [1], undefined],
      [1, [2], 'kept'],
      [2, [3], 'still kept'],
      [3, [4], undefined],
    ])
  })

  test('keeps the smaller deadline', async () => {
    const session = rig.gt.session()
    expect(session.remaining()).toBeUndefined()
    session.setDeadline(500)
    session.setDeadline(60_000)
    expect(session.remaining()).toBeLessThanOrEqual(500)
    session.setDeadline(-5)
    expect(session.remaining()).toBe(0)

    const endless = rig.gt.session({ deadlineMs: Number.MAX_VALUE })
    expect(endless.remaining()).toBeLessThan(2 ** 31)

    rig.gt.setDefaultDeadline(250)
    expect(rig.gt.session().remaining()).toBeGreaterThan(200)
    const joined = rig.gt.join({ ...session.inject({ to: 'http://localhost' }) })
    expect(joined.remaining()).toBe(0)
  })

  test('is the current one in what it runs, and in what that awaits', async () => {
    const one = rig.gt.session()
    const other = rig.gt.session()
    const seen = await Promise.all(
      [one, other].map((session) =>
        session.run(async () => {
          await new Promise((resolve) => setTimeout(resolve, 1))
          return rig.gt.current()
        }),
      ),
    )

    expect(seen).toEqual([one, other])
    expect(rig.gt.current()).toBeUndefined()
  })

  test('throws out of run what the work threw', () => {
    expect(() =>
      rig.gt.session().run(() => {
        throw new Error('mine')
      }),
    ).toThrow('mine')
  })
})

describe('a call', () => {
  test('carries the position of its own event to the callee, and its answer brings the callee back', async () => {
    const caller = rig.gt.session()
    const call = caller.startCall({ to: 'http://127.0.0.1:8080/pay', name: 'POST /pay', target: { service: 'payments' } })
    const callee = rig.gt.join({ ...call.headers }, { name: 'POST /pay' })
    callee.info('payments', 'paid')
    call.finish({ status: 'ok', headers: { 'gt-clock': callee.clockHeader } })
    call.finish({ status: 'error' })
    callee.close()
    const deeper = rig.gt.join(callee.inject())

    const stored = await lines()
    const of = (span: string): Line[] => stored.filter((line) => line.span === span)
    const [, sent, answered] = of(caller.span)
    expect(sent).toMatchObject({ kind: 'call', clock: [2], call: call.id, name: 'POST /pay', target: { service: 'payments' } })
    expect(answered).toMatchObject({ kind: 'return', clock: [3], call: call.id, status: 'ok', callee: { span: callee.span, last: 2 } })
    expect(of(callee.span).map(({ clock }) => clock)).toEqual([
      [2, 1],
      [2, 2],
      [2, 3],
      [2, 4],
    ])
    expect(of(callee.span)[0]).toMatchObject({ session: caller.id, kind: 'open', parent: call.id, call: call.id })
    expect(of(callee.span)[3]).toMatchObject({ kind: 'call', oneway: true })
    expect(of(deeper.span)[0]?.clock).toEqual([2, 4, 1])
    expect(of(caller.span)).toHaveLength(3)
  })

  test('joined twice makes two hops of one path', async () => {
    const headers = rig.gt.session().inject()
    const spans = [rig.gt.join(headers).span, rig.gt.join(headers).span]

    const opened = (await lines()).filter(({ span = '' }) => spans.includes(span))
    expect(opened.map(({ clock }) => clock)).toEqual([
      [2, 1],
      [2, 1],
    ])
    expect(new Set(spans).size).toBe(2)
  })

  test('from a plain OpenTelemetry caller has its parent, and no path', async () => {
    const session = rig.gt.join({ traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00', tracestate: 'rojo=1' })

    expect((await lines())[0]).toMatchObject({ session: '4bf92f3577b34da6a3ce929d0e0e4736', clock: [1], parent: '00f067aa0ba902b7' })
    expect(session.inject()).toMatchObject({
      traceparent: expect.stringMatching(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-00$/),
      tracestate: expect.stringMatching(/^gt=[0-9a-f]{16}:2,rojo=1$/),
    })
  })

  test('too deep for tracestate is tied by its parent alone, and counted', () => {
    let session = rig.gt.session()
    for (let depth = 0; depth < 70; depth++) session = rig.gt.join(session.inject())

    expect(rig.gt.stats().clocksOmitted).toBeGreaterThan(0)
  })

  test('derived has a session of its own and remembers where it came from', async () => {
    const cause = rig.gt.session()
    const derived = rig.gt.derive(cause.inject(), { name: 'nightly' })

    const opened = (await lines()).find(({ span }) => span === derived.span)
    expect(derived.id).not.toBe(cause.id)
    expect(opened).toMatchObject({ kind: 'open', clock: [1], derived: { session: cause.id, clock: [2] } })
  })
})

describe('trust', () => {
  const stranger = '203.0.113.9'
  test.each([
    ['loopback', { peer: '127.0.0.1' }, {}, true],
    ['a private address', { peer: '::ffff:10.1.2.3' }, {}, true],
    ['a stranger', { peer: stranger }, {}, false],
    ['an unknown peer', {}, {}, false],
    ['loopback, but forwarded', { peer: '127.0.0.1' }, { 'x-forwarded-for': stranger }, false],
    ['loopback, but forwarded by the newer header', { peer: '127.0.0.1' }, { forwarded: 'for=203.0.113.9' }, false],
    ['a stranger, where all are declared internal', { peer: stranger, trust: 'internal' as const }, {}, true],
  ])('%s', (_, options, more, trusted) => {
    const headers = {
      ...more,
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      tracestate: 'gt=00f067aa0ba902b7:3',
      baggage: 'user=alice,gt-level=trace,gt-budget-ms=400,a=1;meta',
    }

    const session = rig.gt.join(headers, options)

    expect(session.id).toBe('4bf92f3577b34da6a3ce929d0e0e4736')
    expect(session.info('x', 'y').clock).toEqual([3, 2])
    expect(session.remaining()).toBeLessThanOrEqual(400)
    expect(session.get('user')).toBe(trusted ? 'alice' : undefined)
    expect(session.trace('x', 'kept?').clock).toEqual([3, trusted ? 3 : 2])
    const sent = session.inject({ to: 'http://10.0.0.1' })['baggage'] ?? ''
    expect(sent.includes('alice')).toBe(trusted)
    expect(sent.includes('a=1;meta')).toBe(trusted)
  })

  test.each([
    ['http://127.0.0.1:80', true],
    ['http://[::1]:8080/x', true],
    ['http://10.0.0.3:8080', true],
    ['http://localhost:3000', true],
    ['http://cart.internal:80', true],
    ['http://deep.shop.internal', true],
    ['https://api.example.com', false],
    ['http://cart.internal.example.com', false],
    ['http://10.0.0.3.example.com', false],
    ['not a url', false],
    [undefined, false],
  ])('properties go to %s: %s', async (to, expected) => {
    const own = await startRig({ propagateTo: ['cart.internal', '*.shop.internal'] })
    const session = own.gt.session({ deadlineMs: 1_000 })
    session.set('user', 'alice')

    const { traceparent, tracestate, baggage } = session.inject(to === undefined ? {} : { to })

    expect(traceparent).toContain(session.id)
    expect(tracestate).toMatch(/^gt=/)
    if (expected) expect(baggage).toMatch(/^gt-environment=sandbox,gt-budget-ms=\d+,user=alice$/)
    else expect(baggage).toBeUndefined()
    await own.stop()
  })

  test('properties go to registered nodes wherever they live, once they are known', async () => {
    rig.server.nodes.push({ id: 'a', service: 'cart', version: '1.0', environment: 'sandbox', address: 'https://cart.example.com/v1' })
    const session = rig.gt.session()
    session.set('user', 'alice')
    const to = { to: 'https://cart.example.com/items' }
    expect(session.inject(to)).not.toHaveProperty('baggage')

    const headers = await session.call('cart', '1.0', (_node, call) => call.headers)

    expect(headers['baggage']).toContain('user=alice')
    expect(session.inject(to)['baggage']).toContain('user=alice')
    expect(session.inject({ to: 'https://cart.example.com.evil' })).not.toHaveProperty('baggage')
    expect(rig.server.watches).toBe(1)
  })
})

describe('disabled or stopped', () => {
  test('disabled, every call is a no-op', async () => {
    const { gt, server, stop } = await startRig({ disabled: true })
    const session = gt.join({ traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' })
    session.set('a', 1)
    session.info('x', 'y')
    expect(session.inject()).toEqual({})
    expect(session.run(() => 42)).toBe(42)
    session.close()
    gt.info('x', 'y')

    expect(await gt.flush()).toBe(true)
    await gt.stop()

    expect(gt.stats().logged).toBe(0)
    expect([server.requests, server.calls]).toEqual([0, []])
    await stop()
  })

  test('what is unsent when it stops is counted as dropped', async () => {
    const { gt, server, stop } = await startRig({}, { timesFaster: 100 })
    server.fault = 'hang'
    gt.info('x', 'never answered')
    await gt.stop()

    expect(gt.stats()).toMatchObject({ logged: 1, acknowledged: 0, dropped: 1, waiting: 0 })
    await stop()
  })

  test('after stop nothing is sent any more, and nothing throws', async () => {
    const session = rig.gt.session()
    await rig.gt.stop()
    session.info('x', 'after')
    rig.gt.info('x', 'after')

    expect(session.inject()).toEqual({})
    expect(rig.server.stored.map(({ kind }) => kind)).toEqual(['open'])
  })
})

describe('settings', () => {
  test.each([
    [{ url: 'ftp://x' }, /the option url must be an http or https URL/],
    [{ url: 'nonsense' }, /the option url/],
    [{ maxBufferBytes: 10 }, /maxBufferBytes must be at least/],
    [{ level: 'verbose' as 'info' }, /level must be one of trace/],
    [{ balancing: 'random' as 'round_robin' }, /balancing must be one of round_robin, least_pending/],
    [{ resolveWithinMs: -1 }, /resolveWithinMs/],
    [{ breaker: { failures: 0 } }, /breaker\.failures must be a whole number from 1/],
    [{ breaker: { openMs: 0.5 } }, /breaker\.openMs/],
    [{ breaker: { errorRate: 1.5 } }, /breaker\.errorRate must be above 0 and at most 1/],
    [{ breaker: { errorRate: 0.5, windowMs: 1 } }, /breaker\.windowMs/],
    [{ nodes: [{ service: 'cart', address: '' }] }, /each of nodes must be/],
  ])('%j is refused with a reason', async (options, message) => {
    await expect(startRig(options)).rejects.toThrow(message)
  })

  test('options win over variables, and those over package.json', async () => {
    const environment = {
      GROUNDTRACK_SERVICE: 'from-env',
      OTEL_SERVICE_NAME: 'from-otel',
      GROUNDTRACK_ENVIRONMENT: 'fallback:staging',
      GROUNDTRACK_TOKEN: 'secret',
    }
    const { gt, server, stop } = await startRig({ version: '2.3' }, { platform: { environment } })
    gt.info('boot', 'up')
    await gt.flush()
    expect(server.headers[0]?.node).toMatchObject({
      service: 'cart',
      version: '2.3',
      environment: 'staging',
      runtime: expect.stringMatching(/^node\/\d/),
      pid: process.pid,
      id: gt.nodeId,
    })
    await stop()
    expect(server.calls[0]?.authorization).toBe('Bearer secret')
  })
})
