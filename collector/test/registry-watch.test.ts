import { connect, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aUuid, openCluster, type Cluster, type Collector } from './registry.test-kit.js'

let cluster: Cluster
let collector: Collector
let port: number
const sockets = new Set<Socket>()

beforeEach(async () => {
  cluster = await openCluster()
  collector = await cluster.start()
  await collector.app.listen({ host: '127.0.0.1', port: 0 })
  port = (collector.app.server.address() as AddressInfo).port
})

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await cluster.close()
})

interface Told {
  event: string
  id?: string
  address?: string
}

interface Watcher {
  socket: Socket
  headers: () => string
  told: () => Told[]
}

/** A client on a plain socket, which can stop reading. */
function watch(path = '/v1/nodes?watch=1'): Watcher {
  const socket = connect(port, '127.0.0.1')
  sockets.add(socket)
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => (text += chunk))
  socket.on('error', () => {})
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
  return {
    socket,
    headers: () => text.slice(0, text.indexOf('\r\n\r\n')),
    told: () =>
      [...text.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(([, event = '', data = '']) => {
        const { id, address } = JSON.parse(data) as Omit<Told, 'event'>
        return { event, ...(id !== undefined && { id }), ...(address !== undefined && { address }) }
      }),
  }
}

test('the whole table comes first, then ready, then what changes; a beat that says nothing new is not told', async () => {
  const [cart, mailer] = [aUuid(), aUuid()]
  await collector.beat({ id: cart, address: 'http://10.0.0.3:8080' })
  const watcher = watch()
  await expect.poll(watcher.told).toHaveLength(2)

  await collector.beat({ id: mailer, service: 'mailer' })
  await collector.beat({ id: cart, address: 'http://10.0.0.3:8080' })
  await collector.beat({ id: cart, address: 'http://10.0.0.4:8080' })
  await collector.leave(mailer)

  await expect
    .poll(watcher.told)
    .toEqual([
      { event: 'active', id: cart, address: 'http://10.0.0.3:8080' },
      { event: 'ready' },
      { event: 'active', id: mailer },
      { event: 'active', id: cart, address: 'http://10.0.0.4:8080' },
      { event: 'expire', id: mailer },
    ])
  expect(watcher.headers()).toMatch(/^HTTP\/1.1 200 OK\r\n/)
  expect(watcher.headers().toLowerCase()).toContain('content-type: text/event-stream')
  expect(watcher.headers().toLowerCase()).toContain('x-accel-buffering: no')
})

test('a node that falls silent is told as expired, and as active with its next beat; others of its environment alone', async () => {
  const [cart, other] = [aUuid(), aUuid()]
  await collector.beat({ id: cart })
  await collector.beat({ id: other, environment: 'demo', ttlSeconds: 3_600 })
  const watcher = watch('/v1/nodes?watch=1&environment=sandbox')
  await expect.poll(watcher.told).toHaveLength(2)

  cluster.clock.nowMs += 31_000
  await expect.poll(watcher.told).toHaveLength(3)
  await collector.beat({ id: cart })
  await collector.leave(other)

  await expect
    .poll(watcher.told)
    .toEqual([{ event: 'active', id: cart }, { event: 'ready' }, { event: 'expire', id: cart }, { event: 'active', id: cart }])
})

test('a restart at a known address tells of the young before the old one goes', async () => {
  const [old, young] = [aUuid(), aUuid()]
  const address = 'http://10.0.0.3:8080'
  await collector.beat({ id: old, address })
  const watcher = watch()
  await expect.poll(watcher.told).toHaveLength(2)

  await collector.beat({ id: young, address })

  await expect
    .poll(() => watcher.told().slice(2))
    .toEqual([
      { event: 'active', id: young, address },
      { event: 'expire', id: old, address },
    ])
})

test('a client that does not read is cut off once a mebibyte waits for it, and the others go on', async () => {
  const id = aUuid()
  await collector.beat({ id })
  const slow = watch()
  const quick = watch()
  await expect.poll(slow.told).toHaveLength(2)
  const cut = new Promise((resolve) => slow.socket.once('close', resolve))
  slow.socket.pause()

  // The system's own buffers of both sockets come on top.
  let beats = 0
  const open = () =>
    new Promise<number>((resolve, reject) =>
      collector.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    )
  while ((await open()) > 1 && beats < 2_000) {
    beats += 1
    await collector.beat({ id, properties: { beats, filler: 'x'.repeat(15_000) } })
  }
  slow.socket.resume()
  await cut

  expect(beats).toBeGreaterThan(70)
  await expect.poll(() => quick.told().length).toBe(beats + 2)
})

test('a stop ends the streams', async () => {
  const watcher = watch()
  await expect.poll(watcher.told).toHaveLength(1)
  const ended = new Promise((resolve) => watcher.socket.once('end', resolve))

  await collector.app.close()

  await ended
  expect(watcher.told()).toEqual([{ event: 'ready' }])
})

test('pages of other origins may not read who is there', async () => {
  const inject = (origin: string) => collector.app.inject({ url: '/v1/nodes', headers: { host: '127.0.0.1:43400', origin } })

  expect((await inject('http://localhost:3000')).statusCode).toBe(403)
  expect((await inject('http://127.0.0.1:43400')).statusCode).toBe(200)
})
