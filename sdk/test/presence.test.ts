import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Hooks } from '../src/platform/platform.js'
import { startRig, type Rig } from './rig.js'

let rig: Rig
beforeEach(async () => {
  rig = await startRig({ address: 'http://10.0.0.3:8080', environment: 'shared:staging' })
})
afterEach(() => rig.stop())

const offers = ({ server } = rig): string[] =>
  server.calls
    .filter(({ method }) => method === 'PUT')
    .map(({ body }) => {
      const { service, version, address } = JSON.parse(body) as Record<string, string>
      return `${service} ${version} ${address}`
    })

test('all services of a process are registered at once, beat together, and leave together', async () => {
  const fast = await startRig({ address: 'http://10.0.0.3:8080', environment: 'shared:staging' }, { timesFaster: 20 })
  const { gt, server } = fast
  gt.register('stock', '2.1', 'http://10.0.0.3:8081')
  gt.register('cart', '1.1', 'http://10.0.0.3:8082')
  await vi.waitFor(() => expect(offers(fast).length).toBeGreaterThanOrEqual(9), { timeout: 20_000 })
  await gt.stop()
  await vi.waitFor(() => expect(server.calls.at(-1)?.method).toBe('DELETE'))

  const told = offers(fast)
  expect(told.slice(0, 3)).toEqual(['cart 1.0 http://10.0.0.3:8080', 'stock 2.1 http://10.0.0.3:8081', 'cart 1.1 http://10.0.0.3:8082'])
  expect(new Set(told.slice(3))).toEqual(new Set(['stock 2.1 http://10.0.0.3:8081', 'cart 1.1 http://10.0.0.3:8082']))
  const [put] = server.calls
  expect(JSON.parse(put?.body ?? '')).toMatchObject({ environment: 'staging', ttlSeconds: 30, properties: { pid: process.pid } })
  expect(server.calls.at(-1)).toMatchObject({ method: 'DELETE', url: `/v1/nodes/${gt.nodeId}` })
  expect(server.calls.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
  await fast.stop()
})

test('after the leave no beat follows that would bring the node back', async () => {
  for (let i = 0; i < 20; i++) rig.gt.register(`service-${i}`, '1.0', `http://10.0.0.3:${9_000 + i}`)
  await rig.gt.stop()
  rig.gt.register('late', '1.0', 'http://10.0.0.3:1')
  await new Promise((resolve) => setImmediate(resolve))

  expect(rig.server.calls.map(({ method }) => method).indexOf('DELETE')).toBe(rig.server.calls.length - 1)
  expect(offers().join()).not.toContain('late')
})

test('who left first goes on logging until it stops, and leaves only once', async () => {
  const { gt, server } = rig
  await vi.waitFor(() => expect(offers()).toHaveLength(1))
  await gt.leave()
  gt.info('boot', 'answering the last request')
  await gt.stop()

  expect(server.calls.map(({ method }) => method).filter((method) => method !== 'POST')).toEqual(['PUT', 'DELETE'])
  expect(server.stored).toContainEqual(expect.objectContaining({ message: 'answering the last request' }))
})

test('who ends without stopping it leaves, too; who crashes does not', async () => {
  for (const [crashes, methods] of [
    [false, ['PUT', 'DELETE']],
    [true, ['PUT']],
  ] as const) {
    const hooks: Hooks[] = []
    const onExit = (one: Hooks): (() => void) => {
      hooks.push(one)
      return () => {}
    }
    const ending = await startRig({}, { platform: { onExit } })
    await vi.waitFor(() => expect(ending.server.calls).toHaveLength(1))
    if (crashes) hooks[0]?.crashed(new Error('no stock'), 'uncaughtException')
    await hooks[0]?.flush(2_000)
    hooks[0]?.lastWords()
    if (crashes) expect(ending.server.stored.at(-1)).toMatchObject({ message: 'no stock' })

    expect(ending.server.calls.map(({ method }) => method)).toEqual(methods)
    await ending.stop()
  }
})

test('that the collector refuses a node is told, once', async () => {
  const refused = await startRig(
    {},
    { timesFaster: 200, platform: { send: () => Promise.resolve({ status: 409, body: '{"error":{"code":"node_owned"}}' }) } },
  )
  refused.gt.register('stock', '2.1', 'http://10.0.0.3:8081')
  await vi.waitFor(() => expect(refused.warnings).toEqual([expect.stringMatching(/does not register.*409.*node_owned/)]))
  await refused.stop()
})
