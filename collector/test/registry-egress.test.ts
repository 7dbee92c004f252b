import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aNode, aSession, openTestApp, TestHop, type TestApp } from './query.test-kit.js'

let tested: TestApp

beforeEach(async () => (tested = await openTestApp()))
afterEach(() => tested.close())

test('the collector never connects to a node, whatever its address is and whoever looks at it', async () => {
  const visitors: string[] = []
  const payments = createServer((socket) => {
    visitors.push(socket.remoteAddress ?? '')
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(payments, 'listening')
  const { port } = payments.address() as AddressInfo
  const node = aNode('payments')
  const checkout = aNode('checkout')

  for (const address of [`http://127.0.0.1:${port}`, `127.0.0.1:${port}`]) {
    const registered = { ...node, address }
    await tested.announce(registered)
    const hop = new TestHop(aSession())
    const target = { service: 'payments', node: node.id, address }
    await tested.send(checkout, [
      hop.open('POST /orders'),
      hop.line({ kind: 'call', call: '00f067aa0ba902b7', target }),
      hop.line({ kind: 'return', call: '00f067aa0ba902b7', status: 'error', reason: 'ECONNRESET' }),
      hop.line({ kind: 'breaker', target, from: 'closed', to: 'open', failures: 3, reason: 'ECONNRESET' }),
      hop.close('error'),
    ])
    for (const url of ['/v1/nodes', '/api/v1/nodes', `/api/v1/nodes/${node.id}`, '/api/v1/breakers', '/api/v1/map', '/metrics', '/readyz'])
      expect((await tested.app.inject({ url, headers: { host: '127.0.0.1:43300' } })).statusCode).toBe(200)
  }
  // Whoever connected before the server closes is known by then.
  payments.close()
  await once(payments, 'close')

  expect(visitors).toEqual([])
})
