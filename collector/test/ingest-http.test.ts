import { connect, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aBatch, anEvent, startTestApp, type TestApp } from './ingest.test-kit.js'

let collector: TestApp
let port: number

beforeAll(async () => {
  collector = await startTestApp({ limits: { bodyTimeoutMs: 400, maxBytesInFlight: 12 * 1024 * 1024 } })
  await collector.app.listen({ host: '127.0.0.1', port: 0 })
  port = (collector.app.server.address() as AddressInfo).port
})

afterAll(() => collector.close())

/** Sends raw bytes and answers everything up to the end of the connection. */
function exchange(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()))
    socket.on('close', () => resolve(received))
    socket.on('error', reject)
  })
}

const head = (headers: Record<string, string | number>, line = 'POST /v1/batches HTTP/1.1') =>
  `${line}\r\n${Object.entries({ Host: `127.0.0.1:${port}`, 'Content-Type': 'application/x-ndjson', ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`

const MIB = 1024 * 1024

test('a Content-Length over the limit is answered before a byte of the body was sent, and the connection closed', async () => {
  const compressed = await exchange(head({ 'Content-Encoding': 'gzip', 'Content-Length': MIB + 1 }))
  const plain = await exchange(head({ 'Content-Length': 4 * MIB + 1 }))

  expect(compressed).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"body_too_large"[\s\S]*"limit":1048576/)
  expect(plain).toMatch(/^HTTP\/1\.1 413 [\s\S]*"limit":4194304/)
})

test('a body of unknown length is cut off at the limit', async () => {
  const chunk = 'x'.repeat(MIB)
  const chunks = `${MIB.toString(16)}\r\n${chunk}\r\n`.repeat(2)

  const answer = await exchange(head({ 'Content-Encoding': 'gzip', 'Transfer-Encoding': 'chunked' }) + chunks)

  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
})

test('a body that does not arrive in time is answered 408', async () => {
  const answer = await exchange(head({ 'Content-Length': 100 }) + '{"v":1')

  expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"request_timeout","message":"[^"]+","retryable":true/)
})

test('headers over 16 KiB are refused', async () => {
  const answer = await exchange(head({ 'X-Long': 'x'.repeat(17_000) }))

  expect(answer).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"headers_too_large"/)
})

test.each([
  ['Content-Length and Transfer-Encoding', { 'Content-Length': 5, 'Transfer-Encoding': 'chunked' }, '0\r\n\r\n'],
  ['an encoding behind chunked', { 'Transfer-Encoding': 'chunked, identity' }, '0\r\n\r\n'],
  ['a negative length', { 'Content-Length': -1 }, ''],
  ['a folded header', { 'X-Folded': 'a\r\n b' }, ''],
])('a request with %s is refused and the connection closed', async (_, headers, body) => {
  const answer = await exchange(head(headers) + body)

  expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*Connection: close[\s\S]*"code":"bad_request"/)
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1)
})

test('two lengths at odds are refused', async () => {
  const answer = await exchange(
    `POST /v1/batches HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
  )

  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
})

test('a gzip bomb stops at the ceiling', async () => {
  const bomb = gzipSync(Buffer.alloc(200 * MIB), { level: 9 })

  const answer = await send(bomb, { 'content-encoding': 'gzip' })

  expect(answer).toMatchObject({ status: 413, body: { error: { code: 'body_too_large', limit: 4 * MIB } } })
})

test.each([
  ['another content type', { 'content-type': 'application/json' }, 415, 'unsupported_media_type'],
  ['a content type that is none', { 'content-type': ';;' }, 415, 'unsupported_media_type'],
  ['br', { 'content-encoding': 'br' }, 415, 'unsupported_encoding'],
  ['zstd', { 'content-encoding': 'zstd' }, 415, 'unsupported_encoding'],
  ['gzip twice', { 'content-encoding': 'gzip, gzip' }, 415, 'unsupported_encoding'],
  ['gzip that is none', { 'content-encoding': 'gzip' }, 400, 'bad_compression'],
])('a body of %s is refused', async (_, headers, status, code) => {
  const answer = await send(aBatch([anEvent()]), headers)

  expect(answer).toMatchObject({
    status,
    body: { error: { code, retryable: false, requestId: expect.any(String), message: expect.any(String) } },
  })
})

test('gzip that ends too early is refused', async () => {
  const answer = await send(gzipSync(aBatch([anEvent()])).subarray(0, -10), { 'content-encoding': 'gzip' })

  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad_compression' } } })
})

test('more than 10,000 events are refused', async () => {
  const answer = await send(aBatch(Array.from({ length: 10_001 }, () => ({}))))

  expect(answer).toMatchObject({ status: 413, body: { error: { code: 'too_many_events', limit: 10_000 } } })
})

test('bodies that together pass the memory bound are turned away with Retry-After, and stored when they come again', async () => {
  const bodies = Array.from({ length: 8 }, () => aBatch(Array.from({ length: 12 }, () => anEvent({ message: 'x'.repeat(200_000) }))))

  const answers = await Promise.all(bodies.map((body) => send(body)))
  const again = await send(bodies[0] ?? '')

  const refused = answers.filter(({ status }) => status === 503)
  expect(answers.every(({ status }) => status === 200 || status === 503)).toBe(true)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.every(({ body, retryAfter }) => body.error?.['code'] === 'overloaded' && Number(retryAfter) >= 1)).toBe(true)
  expect(again.status).toBe(200)
})

test('unknown addresses are 404, wrong methods 405 with Allow', async () => {
  const unknown = await send('', {}, '/nowhere')
  const wrong = await fetch(`http://127.0.0.1:${port}/v1/batches`)

  expect(unknown).toMatchObject({ status: 404, body: { error: { code: 'not_found', retryable: false } } })
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
  expect(await wrong.json()).toMatchObject({ error: { code: 'method_not_allowed' } })
})

async function send(body: string | Buffer, headers: Record<string, string> = {}, path = '/v1/batches') {
  const bytes = new Uint8Array(Buffer.from(body))
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    body: bytes,
    headers: { 'content-type': 'application/x-ndjson', ...headers },
  })
  return {
    status: answer.status,
    body: (await answer.json()) as { error?: Record<string, unknown> },
    retryAfter: answer.headers.get('retry-after'),
  }
}
