import express from 'express'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Call } from '../src/call.js'
import type { ResolvedNode } from '../src/calls/resolved-node.js'
import { expressErrors, expressSessions } from '../src/integrations/express.js'
import { tracedFetch } from '../src/integrations/fetch.js'
import type { Session } from '../src/session.js'
import { Callee } from './callee.js'
import type { Line } from './fault-server.js'
import { startRig, type Rig } from './rig.js'

let rig: Rig
let cart: Callee
let stock: Callee
beforeEach(async () => {
  ;[cart, stock] = [await new Callee().start(), await new Callee().start()]
  rig = await startRig({ nodes: [cart.as('cart'), stock.as('inventory')] })
})
afterEach(async () => {
  await rig.stop()
  await Promise.all([cart.stop(), stock.stop()])
})

const ask = (node: ResolvedNode, call: Call): Promise<Response> => fetch(node.address, { headers: call.headers, signal: call.signal })

async function lines(...kinds: string[]): Promise<Line[]> {
  expect(await rig.gt.flush()).toBe(true)
  return rig.server.stored.filter(({ kind }) => kinds.includes(kind ?? 'log'))
}

/** The addresses of nodes whose breakers opened. */
const opened = async (): Promise<unknown[]> =>
  (await lines('breaker')).filter(({ to }) => to === 'open').map(({ target }) => (target as { address: string }).address)

/** Does it in three sessions, as many as trip a breaker. */
async function thrice(work: (session: Session) => Promise<void> | void): Promise<void> {
  for (let i = 0; i < 3; i++) {
    const session = rig.gt.session()
    await work(session)
    session.close()
  }
}

describe('a resolved node', () => {
  test('is told how it went by the first word; asking for its headers is the call', async () => {
    const session = rig.gt.session()
    const node = await session.resolve('cart', '1.0')
    const callee = rig.gt.join(node.headers)
    node.answer({ 'gt-clock': callee.clockHeader })
    node.success()
    node.failure('too late')
    node.success()

    expect(node).toMatchObject({ service: 'cart', version: '1.0', address: cart.address, settled: true, failed: false })
    const [call, back, ...more] = await lines('call', 'return')
    expect(call).toMatchObject({ breaker: 'closed', target: { service: 'cart', address: cart.address } })
    expect(back).toMatchObject({ status: 'ok', callee: { span: callee.span } })
    expect(more).toEqual([])
  })

  test('fails by what its caller says, and is then cut off for resolve as well', async () => {
    await thrice(async (session) => (await session.resolve('cart', '1.0')).failure(new Error('no such shelf')))

    await expect(rig.gt.session().resolve('cart', '1.0')).rejects.toMatchObject({ code: 'breaker_open' })
    expect((await lines('breaker'))[0]).toMatchObject({ from: 'closed', to: 'open', reason: 'no such shelf' })
    expect((await lines('return')).map(({ status }) => status)).toEqual(['error', 'error', 'error', 'cut'])
  })

  test('that was called by fetch gives that call its name, and is not recorded twice', async () => {
    const session = rig.gt.session()
    const node = await session.resolve('cart', '1.0')
    await session.run(() => tracedFetch(rig.gt)(`${node.address}/items`))
    node.success()

    expect(await lines('call', 'return')).toMatchObject([
      { kind: 'call', name: 'GET /items', target: { service: 'cart', version: '1.0', address: cart.address } },
      { kind: 'return', status: 'ok' },
    ])
  })

  test('of which nobody says anything counts neither way when the session is closed', async () => {
    await thrice(async (session) => void (await session.resolve('cart', '1.0')))

    expect(await opened()).toEqual([])
    expect(await lines('call')).toEqual([])
  })
})

describe('an interaction', () => {
  test('that fails is a failure of each node resolved in it, also of one whose call went well', async () => {
    await thrice(async (session) => {
      session.start()
      await session.call('cart', '1.0', ask)
      await session.resolve('inventory', '1.0')
      session.fail('the answers contradict each other')
      session.fail('again')
      session.finish()
      session.finish()
    })

    expect(new Set(await opened())).toEqual(new Set([cart.address, stock.address]))
    expect((await lines('breaker'))[0]).toMatchObject({ failures: 3, reason: 'the answers contradict each other' })
    const said = (await lines('log')).map(({ level, message, attributes }) => ({ level, message, attributes }))
    const nodes = [cart.address, stock.address]
    expect(said).toEqual(
      [1, 2, 3].map(() => ({ level: 'warn', message: 'failed: the answers contradict each other', attributes: { nodes } })),
    )
  })

  test('that ends well is a success of each node that did not fail', async () => {
    await thrice(async (session) => {
      session.start()
      ;(await session.resolve('inventory', '1.0')).failure('empty')
      await session.resolve('cart', '1.0')
      session.finish()
    })

    expect(await opened()).toEqual([stock.address])
    expect((await lines('return')).map(({ status }) => status)).toEqual(['error', 'ok', 'error', 'ok', 'error', 'ok'])
  })

  test('within another one fails for its own nodes only', async () => {
    await thrice(async (session) => {
      session.start()
      await session.call('cart', '1.0', ask)
      session.start()
      await session.call('inventory', '1.0', ask)
      session.fail('inner')
      session.finish()
      session.finish()
    })

    expect(await opened()).toEqual([stock.address])
  })

  test('begun and ended before the first call has nothing to do with it', async () => {
    await thrice(async (session) => {
      session.start()
      session.finish()
      session.finish()
      await session.call('cart', '1.0', ask)
      session.fail('nothing to fail')
    })

    expect(await opened()).toEqual([])
    expect(await lines('log')).toEqual([])
  })

  test('is ended by the end of the session; after that, words about it are void', async () => {
    await thrice(async (session) => {
      session.start()
      await session.call('cart', '1.0', ask)
      session.close()
      session.fail('too late')
      session.finish()
    })

    expect(await opened()).toEqual([])
  })

  test('that is failed while a call of it is under way has the last word on that', async () => {
    await thrice(async (session) => {
      session.start()
      let answer = (): void => {}
      const call = session.call('cart', '1.0', () => new Promise<void>((resolve) => (answer = resolve)))
      await new Promise((resolve) => setImmediate(resolve))
      session.fail('given up')
      session.finish()
      answer()
      await call
    })

    expect(await opened()).toEqual([cart.address])
    expect((await lines('return')).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok'])
  })

  test('without a word of it, calls count at once', async () => {
    cart.status = 500
    await thrice(async (session) => void (await session.call('cart', '1.0', ask)))

    expect(await opened()).toEqual([cart.address])
  })
})

describe('a request in Express is an interaction', () => {
  let server: Server
  let url = ''
  beforeEach(async () => {
    const { gt } = rig
    const current = (): Session => gt.current() ?? expect.fail('no session')
    const app = express()
    app.use(expressSessions(gt))
    app.get('/throws', async () => {
      await current().call('cart', '1.0', ask)
      throw new TypeError('the cart makes no sense')
    })
    app.get('/forwards', async () => {
      await current().call('cart', '1.0', ask)
      const { status } = await current().call('inventory', '1.0', ask)
      throw new Error(`the inventory says ${status}`)
    })
    app.get('/fine', async (_request, response) => {
      await current().call('cart', '1.0', ask)
      response.status(500).end()
    })
    app.use(expressErrors(gt))
    app.use((_error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
      response.status(500).end()
    })
    server = app.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const request = async (path: string, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await fetch(url + path)
  }

  test('what a handler throws cuts off the nodes that it had called', async () => {
    await request('/throws', 3)

    expect(await opened()).toEqual([cart.address])
    expect((await lines('breaker'))[0]).toMatchObject({ reason: 'the cart makes no sense' })
  })

  test('but no innocent one, where another had failed already', async () => {
    stock.status = 503
    await request('/forwards', 4)

    expect(await opened()).toEqual([stock.address])
    expect(cart.requests).toBe(4)
  })

  test('an answer with an error of the handler itself is nobody else’s fault', async () => {
    await request('/fine', 4)

    expect(await opened()).toEqual([])
    expect(cart.requests).toBe(4)
  })
})
