import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { IdleConnectionClosed } from '../platform.js'
import { Transport } from './transport.js'

let server: http.Server
let url = ''
let answer: (request: http.IncomingMessage, response: http.ServerResponse, nth: number) => void
const transport = new Transport()
let received: string[] = []

beforeEach(async () => {
  received = []
  const counts = new WeakMap<Socket, number>()
  server = http.createServer((request, response) => {
    const nth = (counts.get(request.socket) ?? 0) + 1
    counts.set(request.socket, nth)
    let body = ''
    request.on('data', (chunk: Buffer) => (body += String(chunk)))
    request.on('end', () => {
      received.push(body)
      answer(request, response, nth)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/batches?x=1`
})
afterEach(async () => {
  transport.disconnect()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function post(text: string, timeoutMs = 5_000): ReturnType<Transport['send']> {
  return transport.send({ method: 'POST', url, headers: { 'x-own': 'y' }, body: Buffer.from(text), timeoutMs })
}

describe('an answer', () => {
  test('comes with status, text and Retry-After', async () => {
    answer = (_request, response) => void response.writeHead(503, { 'retry-after': '7' }).end('busy')

    expect(await post('a')).toEqual({ status: 503, retryAfter: '7', body: 'busy' })
  })

  test('that redirects is not followed', async () => {
    answer = (_request, response) => void response.writeHead(302, { location: url }).end()

    expect(await post('a')).toEqual({ status: 302, body: '' })
    expect(received).toEqual(['a'])
  })

  test.each<[string, typeof answer]>([
    ['that is too long', (_request, response) => void response.end('x'.repeat(2_000_000))],
    [
      'that is cut',
      (_request, response) => void response.writeHead(200, { 'content-length': '10' }).write('half', () => response.destroy()),
    ],
    ['that never comes', () => {}],
    ['that stalls', (_request, response) => void response.writeHead(200).write('half')],
  ])('%s is none', async (_, given) => {
    answer = given

    await expect(post('a', 200)).rejects.toThrow()
  })
})

test('a connection that the server closed while it was idle is told from a server that does not answer', async () => {
  answer = (request, response, nth) => void (nth === 1 ? response.end('ok') : request.socket.resetAndDestroy())
  await post('first')

  await expect(post('second')).rejects.toThrow(IdleConnectionClosed)

  answer = (request) => void request.socket.resetAndDestroy()
  await expect(post('third')).rejects.not.toThrow(IdleConnectionClosed)
})

describe('at the last moment', () => {
  test('a request is written into an open connection without waiting', async () => {
    answer = (_request, response) => void response.end('ok')
    await post('first')
    const next = new Promise<http.IncomingMessage>((resolve) => {
      answer = (request, response) => {
        response.end('ok')
        resolve(request)
      }
    })

    expect(transport.sendNow({ method: 'POST', url, headers: { 'x-own': 'z' }, body: Buffer.from('last words'), timeoutMs: 1 })).toBe(true)

    expect((await next).headers).toMatchObject({ 'x-own': 'z', 'content-length': '10' })
    expect(received).toEqual(['first', 'last words'])
  })

  test('without a connection nothing is written, and it says so', () => {
    expect(new Transport().sendNow({ method: 'POST', url, headers: {}, body: Buffer.from('x'), timeoutMs: 1 })).toBe(false)
  })
})
