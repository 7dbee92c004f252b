import { afterAll, beforeAll, expect, test } from 'vitest'
import { HOST, PORT, startTestApp, type TestApp } from './ingest.test-kit.js'

let collector: TestApp

beforeAll(async () => {
  collector = await startTestApp()
})

afterAll(() => collector.close())

const ROUTES = [
  ['POST', '/v1/batches'],
  ['POST', '/v1/events'],
  ['PUT', '/v1/nodes/6f1c1f0e-2b51-4a7e-9d6c-3f7c0a5e1c01'],
  ['GET', '/api/v1/sessions'],
  ['GET', '/healthz'],
  ['GET', '/metrics'],
  ['GET', '/'],
  ['GET', '/nowhere'],
] as const

async function ask(method: 'GET' | 'POST' | 'PUT' | 'OPTIONS', url: string, headers: Record<string, string>) {
  const answer = await collector.app.inject({ method, url, headers: { host: HOST, ...headers } })
  return {
    status: answer.statusCode,
    code: String(answer.headers['content-type']).includes('json') ? answer.json<{ error?: { code: string } }>().error?.code : undefined,
    headers: answer.headers,
  }
}

test.each([
  'evil.example',
  `evil.example:${PORT}`,
  '127.0.0.1',
  '127.0.0.1:1',
  `127.0.0.1.evil.example:${PORT}`,
  `localhost.:${PORT}`,
  `0.0.0.0:${PORT}`,
  '',
])('a Host of %j is refused on every route', async (host) => {
  for (const [method, url] of ROUTES) expect(await ask(method, url, { host })).toMatchObject({ status: 421, code: 'bad_host' })
})

test.each([`127.0.0.1:${PORT}`, `localhost:${PORT}`, `LOCALHOST:${PORT}`, `[::1]:${PORT}`])('a Host of %s is ours', async (host) => {
  expect((await ask('GET', '/healthz', { host })).status).toBe(200)
})

test.each<[string, Record<string, string>]>([
  ['a foreign Origin', { origin: 'https://evil.example' }],
  ['a foreign Origin that begins like ours', { origin: 'http://127.0.0.1.evil.example' }],
  ['the Origin null', { origin: 'null' }],
  ['what another site caused', { 'sec-fetch-site': 'cross-site' }],
  ['an upgrade by a foreign page', { origin: 'https://evil.example', connection: 'upgrade', upgrade: 'websocket' }],
])('%s is refused on every route', async (_, headers) => {
  for (const [method, url] of ROUTES) expect(await ask(method, url, headers)).toMatchObject({ status: 403, code: 'forbidden' })
})

test.each<[string, Record<string, string>]>([
  ['no Origin', {}],
  ['the Origin of Host', { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' }],
])('%s passes', async (_, headers) => {
  expect((await ask('GET', '/api/v1/sessions', headers)).status).toBe(200)
})

test('pages of loopback origins may use ingest, without credentials, and nothing else', async () => {
  const origin = 'http://localhost:5173'
  const preflight = await ask('OPTIONS', '/v1/batches', { origin, 'access-control-request-method': 'POST', 'sec-fetch-site': 'cross-site' })
  const post = await ask('POST', '/v1/events', { origin, 'sec-fetch-site': 'cross-site' })
  const read = await ask('GET', '/api/v1/sessions', { origin })
  const readPreflight = await ask('OPTIONS', '/api/v1/sessions', { origin, 'access-control-request-method': 'GET' })

  expect(preflight.status).toBe(204)
  expect(preflight.headers).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-allow-methods': expect.stringContaining('POST'),
    vary: 'Origin',
  })
  expect(preflight.headers).not.toHaveProperty('access-control-allow-credentials')
  expect(post.status).toBe(200)
  expect([read.status, readPreflight.status]).toEqual([403, 403])
})

test('every answer carries the security headers', async () => {
  for (const [method, url] of ROUTES) {
    const { headers } = await ask(method, url, {})
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'x-request-id': expect.any(String) })
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';.*frame-ancestors 'none'/)
    if (url !== '/') expect(headers['cache-control']).toBe('no-store')
  }
})

test('health, readiness and metrics tell what they must', async () => {
  const ready = await collector.app.inject({ url: '/readyz', headers: { host: HOST } })
  const metrics = await collector.app.inject({ url: '/metrics', headers: { host: HOST } })

  expect(ready.json()).toEqual({
    status: 'ready',
    durability: 'unknown',
    database: 'up',
    registry: 'healthy',
    version: expect.any(String),
    uptimeSeconds: expect.any(Number),
  })
  expect(metrics.body).toMatch(/^groundtrack_events_stored_total \d+$/m)
  expect(metrics.body).toMatch(/^groundtrack_flush_duration_seconds_bucket\{le="\+Inf"\} \d+$/m)
})
