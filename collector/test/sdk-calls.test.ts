import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openDatabase, type Database } from '@groundtrack/db'
import { createTestDatabase, type TestDatabase } from '@groundtrack/db/testing'
import { groundtrack, NoNodeError, type Call, type Groundtrack, type GroundtrackOptions, type ResolvedNode } from '@groundtrack/sdk'
import type { FastifyInstance } from 'fastify'
import type { BreakerBoard, SessionView } from '../src/api.js'
import { buildApp } from '../src/app.js'

interface CartNode {
  gt: Groundtrack
  status: number
  requests: number
  stop: () => Promise<void>
}

const WAIT = { timeout: 20_000, interval: 10 }

let database: TestDatabase
let db: Database
let app: FastifyInstance
let url: string
const running: { stop: () => Promise<void> }[] = []

beforeEach(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url })
  await openCollector(0)
})

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()))
  await app.close()
  await db.close()
  await database.drop()
})

async function openCollector(port: number): Promise<void> {
  app = await buildApp({ db, config: { port, retentionDays: 7 }, log: pino({ level: 'silent' }) })
  await app.listen({ host: '127.0.0.1', port })
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
}

const get = async <Answer>(path: string) => (await (await fetch(url + path)).json()) as Answer

/** A process of the service cart: a server that is registered under its address. */
async function startCart(): Promise<CartNode> {
  const server = http.createServer((request, response) => {
    node.requests++
    const session = node.gt.join(request, { name: 'GET /cart' })
    response.setHeader('gt-clock', session.clockHeader ?? '')
    response.writeHead(node.status).end()
    session.close(node.status < 500 ? {} : { status: 'error' })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const node: CartNode = {
    gt: groundtrack({ service: 'cart', version: '1.0', address, url }),
    status: 200,
    requests: 0,
    async stop() {
      await node.gt.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  running.push(node)
  return node
}

function startStorefront(options: GroundtrackOptions = {}): Groundtrack {
  const gt = groundtrack({ service: 'storefront', version: '1.0', url, ...options })
  running.push(gt)
  return gt
}

const ask = (node: ResolvedNode, call: Call) => fetch(node.address, { headers: call.headers, signal: call.signal })

/** Calls the cart once, in a session of its own; answers its id. */
async function call(gt: Groundtrack): Promise<string> {
  const session = gt.session({ name: 'GET /', deadlineMs: 10_000 })
  await session.call('cart', '1.0', ask).catch(() => undefined)
  session.close()
  return session.id
}

/** Calls until all these nodes got calls: the caller knows them. */
async function callUntilAllAnswer(gt: Groundtrack, nodes: readonly CartNode[]): Promise<void> {
  const before = nodes.map(({ requests }) => requests)
  await vi.waitUntil(async () => {
    await call(gt)
    return nodes.every(({ requests }, i) => requests > (before[i] ?? 0))
  }, WAIT)
}

async function breakerTo({ gt }: CartNode) {
  const { items } = await get<BreakerBoard>('/api/v1/breakers')
  return items.find(({ target }) => target.id === gt.nodeId)
}

test('a node that fails is cut off after three failures, its sister gets its load, it is tried again and comes back', async () => {
  const [first, sister] = [await startCart(), await startCart()]
  const storefront = startStorefront({ breaker: { openMs: 2_000 } })
  await callUntilAllAnswer(storefront, [first, sister])

  first.status = 503
  const [requests, others] = [first.requests, sister.requests]
  const ids: string[] = []
  while (ids.length < 10) ids.push(await call(storefront))
  expect([first.requests - requests, sister.requests - others]).toEqual([3, 7])
  await storefront.flush()
  const breaker = await breakerTo(first)
  expect(breaker).toMatchObject({
    caller: { id: storefront.nodeId, service: 'storefront' },
    target: { id: first.gt.nodeId, service: 'cart' },
    state: 'open',
    failures: 3,
    reason: 'HTTP 503',
    cause: { session: expect.stringMatching(/^[0-9a-f]{32}$/) },
  })
  const tripped = await get<SessionView>(`/api/v1/sessions/${breaker?.cause?.session}`)
  expect(ids).toContain(tripped.session.id)
  expect(tripped.breakers).toMatchObject([{ from: 'closed', to: 'open', failures: 3 }])
  expect(tripped.calls).toMatchObject([{ status: 'error', target: { node: first.gt.nodeId, service: 'cart' } }])

  first.status = 200
  await callUntilAllAnswer(storefront, [first])
  await storefront.flush()
  expect(await breakerTo(first)).toMatchObject({ state: 'closed', reason: 'the retest succeeded' })
  expect(await breakerTo(sister)).toMatchObject({ state: 'closed', failures: 0, reason: '' })
})

test('where all nodes are cut off the caller is told so, and the session shows the call that was not made', async () => {
  const only = await startCart()
  const storefront = startStorefront()
  await callUntilAllAnswer(storefront, [only])
  only.status = 500
  for (let i = 0; i < 3; i++) await call(storefront)

  const hurt = await call(storefront)

  await storefront.flush()
  const { calls } = await get<SessionView>(`/api/v1/sessions/${hurt}`)
  expect(calls).toMatchObject([{ status: 'cut', target: { node: only.gt.nodeId, service: 'cart' } }])
})

test('who comes is called, who leaves is not called any more', async () => {
  const storefront = startStorefront()
  const early = storefront.session({ deadlineMs: 10_000 }).call('cart', '1.0', ask)
  const first = await startCart()
  expect((await early).status).toBe(200)
  const second = await startCart()
  await callUntilAllAnswer(storefront, [first, second])

  await first.gt.leave()
  const { requests } = first
  await vi.waitUntil(async () => {
    const before = [first.requests, second.requests]
    for (let i = 0; i < 2; i++) await call(storefront)
    return first.requests === before[0] && second.requests === (before[1] ?? 0) + 2
  }, WAIT)
  for (let i = 0; i < 6; i++) await call(storefront)

  expect(first.requests).toBeLessThan(requests + 6)
  await second.gt.leave()
  await vi.waitUntil(async () => {
    const answer = await storefront
      .session()
      .call('cart', '1.0', ask, { timeoutMs: 50 })
      .catch((error: unknown) => error)
    return answer instanceof NoNodeError
  }, WAIT)
})

test('while the collector is away calls go on, and afterwards news come again', async () => {
  const first = await startCart()
  const storefront = startStorefront()
  await callUntilAllAnswer(storefront, [first])
  const port = Number(new URL(url).port)

  await app.close()
  const { requests } = first
  for (let i = 0; i < 10; i++) await call(storefront)
  expect(first.requests - requests).toBe(10)

  await openCollector(port)
  const second = await startCart()
  await callUntilAllAnswer(storefront, [first, second])
  expect(await storefront.flush()).toBe(true)
})
