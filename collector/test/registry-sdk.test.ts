import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groundtrack, type Groundtrack } from '@groundtrack/sdk'
import type { BoardNode, NodesBoard } from '../src/api.js'
import { openCluster, type Cluster, type Collector } from './registry.test-kit.js'

let cluster: Cluster
let collector: Collector
let url: string
const processes: Groundtrack[] = []

beforeEach(async () => {
  cluster = await openCluster()
  collector = await cluster.start()
  await collector.app.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(collector.app.server.address() as AddressInfo).port}`
})

afterEach(async () => {
  for (const gt of processes.splice(0)) await gt.stop()
  await cluster.close()
})

function start(service: string, address: string): Groundtrack {
  const gt = groundtrack({ service, version: '1.0', url, address })
  processes.push(gt)
  return gt
}

async function board(): Promise<BoardNode[]> {
  return (await collector.get<NodesBoard>('/api/v1/nodes')).items
}

test('processes with the SDK are on the board with what they say of themselves, and a rolling restart flaps none', async () => {
  const addresses = ['http://10.0.0.3:8080', 'http://10.0.0.4:8080']
  const old = addresses.map((address) => start('cart', address))
  await expect.poll(async () => (await board()).map(({ state }) => state), { timeout: 10_000 }).toEqual(['up', 'up'])
  const before = await board()

  const young: Groundtrack[] = []
  for (const [i, gt] of old.entries()) {
    await gt.stop()
    young.push(start('cart', addresses[i] ?? ''))
    await expect.poll(async () => (await board()).map(({ id }) => id), { timeout: 10_000 }).toContain(young[i]?.nodeId)
  }

  expect(before.map(({ name, pid, ttlSeconds }) => [name, pid, ttlSeconds])).toEqual([
    ['cart-1', process.pid, 30],
    ['cart-2', process.pid, 30],
  ])
  const after = await board()
  expect(after.map(({ state, restarts, flaps, replaced }) => ({ state, restarts, flaps, replaced }))).toEqual(
    after.map(({ address }) => ({ state: 'up', restarts: 1, flaps: 0, replaced: before.find((node) => node.address === address)?.id })),
  )
  expect(new Set(after.map(({ id }) => id))).toEqual(new Set(young.map(({ nodeId }) => nodeId)))
})
