import express from 'express'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expressErrors, expressSessions } from '../src/integrations/express.js'
import { tracedFetch } from '../src/integrations/fetch.js'
import { pinoDestination } from '../src/integrations/pino.js'
import type { Line } from './fault-server.js'
import { startRig, type Rig } from './rig.js'

let rig: Rig
let server: Server
let url = ''
let release = (): void => {}

beforeEach(async () => {
  rig = await startRig({ level: 'trace' })
  const { gt } = rig
  const held = new Promise<void>((resolve) => (release = resolve))
  const app = express()
  app.use(expressSessions(gt))
  app.use(express.json())
  app.get('/cart/:id', (request, response) => {
    gt.current()?.info('cart', 'looked', { id: request.params['id'] })
    response.json({ session: gt.current()?.id, user: gt.current()?.get('user'), remaining: gt.current()?.remaining() })
  })
  app.post('/cart', async (request, response) => {
    await held
    gt.current()?.info('cart', 'posted', request.body as Record<string, unknown>)
    response.status(201).end()
  })
  app.get('/throws', () => {
    throw new TypeError('no stock')
  })
  app.get('/hangs', (_request, response) => void held.then(() => response.end()))
  app.get('/healthz', (_request, response) => void response.end('ok'))
  const orders = express.Router()
  orders.get('/:order/lines', (_request, response) => void response.status(204).end())
  app.use('/orders', orders)
  app.use(expressErrors(gt))
  app.use(
    (_error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) =>
      void response.status(500).end(),
  )
  server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  release()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rig.stop()
})

async function lines(kind?: string): Promise<Line[]> {
  expect(await rig.gt.flush()).toBe(true)
  return kind === undefined ? rig.server.stored : rig.server.stored.filter((line) => line.kind === kind)
}

/** Until the server has closed the hop, which is a moment after the client has its answer. */
async function closed(): Promise<Line> {
  for (;;) {
    const [close] = await lines('close')
    if (close !== undefined) return close
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('express', () => {
  test('a request becomes a hop, named by its route, and its answer tells how far it counted', async () => {
    const answer = await fetch(`${url}/cart/42?token=secret`)

    const close = await closed()
    const [open, info] = rig.server.stored
    expect(open).toMatchObject({ kind: 'open', name: 'GET /cart/:id', clock: [1] })
    expect(info).toMatchObject({ span: open?.span, clock: [2], message: 'looked', attributes: { id: '42' } })
    expect(close).toMatchObject({ span: open?.span, clock: [3], status: 'ok' })
    expect(answer.headers.get('gt-clock')).toBe(`${open?.span};2`)
    expect(answer.headers.get('access-control-expose-headers')).toBe('gt-clock')
  })

  test.each([
    ['/orders/7/lines', 'GET /orders/:order/lines', 'ok', undefined],
    ['/nowhere/at/all?x=1', 'GET /nowhere/at/all', 'ok', undefined],
    ['/throws', 'GET /throws', 'error', 'HTTP 500'],
  ])('%s is named %s and ends with %s', async (path, name, status, reason) => {
    await fetch(url + path)

    expect(await closed()).toMatchObject({ status, ...(reason === undefined ? {} : { reason }) })
    expect((await lines('open'))[0]).toMatchObject({ name })
  })

  test('what a handler throws is logged whole', async () => {
    await fetch(`${url}/throws`)
    await closed()

    const error = (await lines()).find(({ level }) => level === 'error')
    expect(error).toMatchObject({
      category: 'http',
      message: 'no stock',
      attributes: { error: { name: 'TypeError', stack: expect.stringContaining('integrations.test') } },
    })
  })

  test('the session is the current one behind a body parser and an await', async () => {
    release()
    await fetch(`${url}/cart`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"sku":"A-17"}' })
    await closed()

    expect((await lines()).find(({ message }) => message === 'posted')).toMatchObject({ clock: [2], attributes: { sku: 'A-17' } })
  })

  test('a name that is shipped before the handler was found is method and path', async () => {
    const answer = fetch(`${url}/hangs`)
    while ((await lines('open')).length === 0) await new Promise((resolve) => setImmediate(resolve))
    release()
    await answer

    expect((await lines('open'))[0]).toMatchObject({ name: 'GET /hangs' })
  })

  test('a client that leaves before the answer ends the hop with error', async () => {
    const leaving = new AbortController()
    const answer = fetch(`${url}/hangs`, { signal: leaving.signal })
    while ((await lines('open')).length === 0) await new Promise((resolve) => setImmediate(resolve))
    leaving.abort()
    await expect(answer).rejects.toThrow()

    expect(await closed()).toMatchObject({ status: 'error', reason: 'the connection ended before the answer' })
  })

  test('ignored paths open no hop', async () => {
    expect((await fetch(`${url}/healthz`)).headers.get('gt-clock')).toBeNull()

    expect(await lines()).toEqual([])
  })

  test('takes properties from a peer on loopback, but not through a proxy', async () => {
    const session = rig.gt.session()
    session.set('user', 'alice')
    const headers = session.inject({ to: url })

    const direct: unknown = await (await fetch(`${url}/cart/1`, { headers })).json()
    const proxied: unknown = await (await fetch(`${url}/cart/1`, { headers: { ...headers, 'x-forwarded-for': '203.0.113.9' } })).json()

    expect(direct).toMatchObject({ session: session.id, user: 'alice' })
    expect(proxied).toEqual({ session: session.id })
  })
})

describe('fetch', () => {
  test('is a call of the current session, whose return names the callee', async () => {
    const traced = tracedFetch(rig.gt)
    const session = rig.gt.session({ deadlineMs: 5_000 })
    const answer = await session.run(() => traced(new URL(`${url}/cart/9`), { headers: { baggage: 'mine=1', 'x-own': 'y' } }))
    const body = (await answer.json()) as { session: string; remaining: number }
    await closed()

    const stored = await lines()
    const callee = stored.find(({ kind, span }) => kind === 'open' && span !== session.span)
    const call = stored.find(({ kind }) => kind === 'call')
    expect(body.session).toBe(session.id)
    expect(body.remaining).toBeLessThan(5_000)
    expect(call).toMatchObject({ name: 'GET /cart/9', target: { address: url }, clock: [2], remainingMs: expect.any(Number) })
    expect(callee).toMatchObject({ parent: call?.['call'], clock: [2, 1], properties: { mine: 1 } })
    expect(stored.find(({ kind }) => kind === 'return')).toMatchObject({
      call: call?.['call'],
      clock: [3],
      status: 'ok',
      callee: { span: callee?.span, last: 2 },
    })
  })

  test.each([
    ['an answer from 500 on', '/throws', 'error', 'HTTP 500'],
    ['an answer below', '/nowhere', 'ok', undefined],
  ])('%s is %s', async (_, path, status, reason) => {
    await rig.gt.session().fetch(url + path)

    expect((await lines('return'))[0]).toMatchObject({ status, ...(reason === undefined ? {} : { reason }) })
  })

  test('ends with the deadline: a timeout', async () => {
    await expect(rig.gt.session({ deadlineMs: 50 }).fetch(`${url}/hangs`)).rejects.toThrow()

    expect((await lines('return'))[0]).toMatchObject({ status: 'timeout', reason: 'deadline exceeded' })
  })

  test('a signal of the caller ends it, too', async () => {
    await expect(
      rig.gt.session({ deadlineMs: 5_000 }).fetch(`${url}/hangs`, { signal: AbortSignal.abort(new Error('not needed')) }),
    ).rejects.toThrow('not needed')

    expect((await lines('return'))[0]).toMatchObject({ status: 'error', reason: 'not needed' })
  })

  test('a peer that is away is an error with its cause', async () => {
    await expect(rig.gt.session().fetch('http://127.0.0.1:1/x')).rejects.toThrow()

    expect((await lines('return'))[0]).toMatchObject({ status: 'error', reason: expect.stringContaining('fetch failed: ') })
  })

  test('outside of a session is fetch itself', async () => {
    await (await tracedFetch(rig.gt)(`${url}/healthz`)).text()

    expect(await lines()).toEqual([])
  })
})

describe('pino', () => {
  test('each line is an event of the current session, with bindings, redaction and serializers applied, and goes on to the sink', async () => {
    const sink: string[] = []
    const logger = pino({ level: 'trace', redact: ['card'] }, pinoDestination(rig.gt, { write: (line) => sink.push(line) }))
    const child = logger.child({ module: 'checkout' })
    const session = rig.gt.session()
    session.run(() => {
      for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) child[level]({ card: '4111', n: 1 }, `a ${level}`)
      child.error(new Error('boom'))
    })
    logger.info({ category: 'boot' }, 'outside')

    const [, ...logged] = await lines()
    expect(logged.slice(0, 6).map(({ level = 'info', category, message, attributes }) => [level, category, message, attributes])).toEqual(
      [['trace'], ['debug'], ['info'], ['warn'], ['error'], ['critical', 'fatal']].map(([level, name = level]) => [
        level,
        'pino',
        `a ${name}`,
        { module: 'checkout', card: '[Redacted]', n: 1 },
      ]),
    )
    expect(logged[6]).toMatchObject({ message: 'boom', attributes: { err: { type: 'Error', message: 'boom' } } })
    expect(logged[7]).toMatchObject({ category: 'boot', message: 'outside' })
    expect(logged[7]).not.toHaveProperty('session')
    expect(sink).toHaveLength(8)
  })

  test('with a level as label, and a line that is no JSON', async () => {
    const destination = pinoDestination(rig.gt, undefined, { category: 'shop', messageKey: 'message' })
    pino({ messageKey: 'message', formatters: { level: (label) => ({ level: label }) } }, destination).warn('labelled')
    destination.write('not json\n')

    expect(await lines()).toEqual([expect.objectContaining({ level: 'warn', category: 'shop', message: 'labelled' })])
  })
})
