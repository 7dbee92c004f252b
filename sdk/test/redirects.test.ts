import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fetchInSession } from '../src/fetch-in-session.js'
import type { Session } from '../src/session.js'
import { startRig, type Rig } from './rig.js'

interface Seen {
  host: string | undefined
  method: string | undefined
  path: string | undefined
  headers: http.IncomingHttpHeaders
  body: string
}

let rig: Rig
let server: http.Server
let seen: Seen[] = []
/** The same server, as one of ours and as somebody else's: 0.0.0.0 leads to it, too, but is no private address. */
let ours = ''
let strangers = ''

beforeEach(async () => {
  rig = await startRig()
  seen = []
  server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method, url = '', headers } = request
      seen.push({ host: headers.host, method, path: url, headers, body: Buffer.concat(chunks).toString() })
      const query = new URL(url, ours).searchParams
      const [status, location] = [Number(query.get('status') ?? 200), query.get('location')]
      response.writeHead(status, location === null ? {} : { location: Buffer.from(location).toString('latin1') })
      response.end(method === 'HEAD' ? undefined : `${method} ${url}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  ours = `http://127.0.0.1:${port}`
  strangers = `http://0.0.0.0:${port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rig.stop()
})

function redirect(status: number, location: string): string {
  return `${ours}/from?status=${status}&location=${encodeURIComponent(location)}`
}

/** A session that has everything which must stay with us. */
function secretive(of: Rig = rig): Session {
  const session = of.gt.session({ deadlineMs: 60_000 })
  session.set('user', 'alice')
  session.verbose('trace')
  return session
}

function ourFields(baggage: unknown): string[] {
  return String(baggage).match(/gt-environment|gt-budget-ms|gt-level|user/g) ?? []
}

describe('what only peers may get', () => {
  test.each([301, 302, 303, 307, 308])('does not follow a %i to a stranger, but ids do', async (status) => {
    await secretive().fetch(redirect(status, `${strangers}/to`), { method: 'POST', body: 'x', headers: { baggage: 'mine=1' } })

    const [first, second] = seen
    expect(ourFields(first?.headers['baggage'])).toHaveLength(4)
    expect(second?.host).toBe(new URL(strangers).host)
    expect(second?.headers['baggage']).toBe('mine=1')
    expect(second?.headers['traceparent']).toBe(first?.headers['traceparent'])
  })

  test('does not follow a chain that reaches a stranger by way of peers, nor one given as a Request', async () => {
    await secretive().fetch(new Request(redirect(302, redirect(307, `${strangers}/to`))))

    expect(seen.map(({ headers }) => ourFields(headers['baggage']).length)).toEqual([4, 4, 0])
    expect(seen.at(-1)?.headers).not.toHaveProperty('baggage')
  })

  test('follows a redirect to a host that the user named', async () => {
    const named = await startRig({ propagateTo: ['0.0.0.0'] })
    await secretive(named).fetch(redirect(302, `${strangers}/to`))
    await named.stop()

    expect(seen.map(({ headers }) => ourFields(headers['baggage']).length)).toEqual([4, 4])
  })

  test('is not sent with the body of a Request, which could not be sent again', async () => {
    const request = new Request(redirect(308, `${strangers}/to`), { method: 'POST', body: 'once' })
    const answer = await secretive().fetch(request)

    expect(answer.status).toBe(200)
    expect(seen.map(({ body, headers }) => [body, headers['baggage']])).toEqual([
      ['once', undefined],
      ['once', undefined],
    ])
  })
})

describe('the caller sees what fetch shows', () => {
  /** All that can be seen of a request, at both ends; ids and baggage apart, which ours adds. */
  async function course(send: () => Promise<Response>): Promise<unknown> {
    seen = []
    const end = await send().then(
      async (response) => {
        const copy = response.clone()
        const { status, url, redirected, type } = response
        return { status, url, redirected, type, text: await response.text(), copy: [copy.redirected, copy.url, await copy.text()] }
      },
      (error: unknown) => describeError(error),
    )
    const requests = seen.map(({ headers, ...rest }) => {
      const { traceparent: _parent, tracestate: _state, baggage: _baggage, 'content-type': type = '', ...others } = headers
      return { ...rest, headers: { ...others, 'content-type': type.replace(/boundary=.*/, 'boundary') } }
    })
    return { end, requests: requests.map((one) => ({ ...one, body: one.body.replace(/-+formdata-undici-\d+/g, 'boundary') })) }
  }

  function describeError(error: unknown): unknown {
    if (!(error instanceof Error)) return error
    return { name: error.name, message: error.message, cause: error.cause instanceof Error ? error.cause.message : error.cause }
  }

  function form(): FormData {
    const data = new FormData()
    data.set('sku', 'A-17')
    return data
  }

  const headers = { authorization: 'Bearer x', cookie: 'a=1', 'x-own': 'y', 'content-language': 'en' }
  const requests: readonly (readonly [string, () => RequestInit])[] = [
    ['GET', () => ({ headers })],
    ['HEAD', () => ({ method: 'HEAD' })],
    ['POST of a text', () => ({ method: 'POST', body: 'text', headers })],
    ['post of a form', () => ({ method: 'post', body: form() })],
    ['PUT of bytes', () => ({ method: 'PUT', body: new Blob(['bytes']), headers: { ...headers, 'content-type': 'text/x' } })],
    ['POST of a stream', () => ({ method: 'POST', body: new Blob(['streamed']).stream(), duplex: 'half' }) as RequestInit],
    ['manual', () => ({ redirect: 'manual' })],
    ['error', () => ({ redirect: 'error' })],
    ['GET with integrity', () => ({ integrity: 'sha256-AAAA' })],
  ]
  const locations: readonly (readonly [string, () => string])[] = [
    ['the same place', () => '/to?x=1#part'],
    ['another place of ours', () => ours.replace('127.0.0.1', 'localhost') + '/to'],
    ['a stranger', () => `${strangers}/to`],
    ['a path with UTF-8', () => '/größe'],
  ]
  const cases = [301, 302, 303, 307, 308].flatMap((status) => locations.map(([name, location]) => [status, name, location] as const))

  test.each(cases)('after a %i to %s', async (status, _, location) => {
    const url = redirect(status, location())
    for (const [name, init] of requests) {
      const expected = await course(() => fetch(url, init()))
      expect(await course(() => secretive().fetch(url, init())), name).toEqual(expected)
    }
  })

  test.each(requests)('also when a Request is given: %s', async (_, init) => {
    for (const status of [302, 307]) {
      const url = redirect(status, `${strangers}/to`)
      const expected = await course(() => fetch(new Request(url, init())))
      expect(await course(() => secretive().fetch(new Request(url, init())))).toEqual(expected)
    }
  })

  test.each([
    ['a redirect without a place', () => `${ours}/from?status=302`],
    ['no redirect', () => `${ours}/from?status=304&location=/to`],
    ['a place that is none', () => redirect(302, 'http://')],
    ['a place that is not HTTP', () => redirect(302, 'file:///etc/passwd')],
    ['a place with a password', () => redirect(302, strangers.replace('//', '//a:b@'))],
    ['the same place with a password', () => redirect(302, `${ours.replace('//', '//a:b@')}/to`)],
    ['redirects without end', () => `${ours}/from?status=302&location=${encodeURIComponent('?status=302&location=')}`],
  ])('for %s', async (_, url) => {
    if (url().endsWith('location%3D')) {
      server.removeAllListeners('request')
      server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
        seen.push({ host: request.headers.host, method: request.method, path: request.url, headers: request.headers, body: '' })
        response.writeHead(302, { location: '/again' }).end()
      })
    }
    const expected = await course(() => fetch(url()))

    expect(await course(() => secretive().fetch(url()))).toEqual(expected)
  })

  test('a signal ends it after a redirect, too', async () => {
    const leaving = new AbortController()
    const answers = fetchInSession(
      secretive(),
      (input, init) => {
        if (seen.length === 1) leaving.abort(new Error('not needed'))
        return fetch(input, init)
      },
      redirect(302, '/to'),
      { signal: leaving.signal },
    )

    await expect(answers).rejects.toThrow('not needed')
    expect(seen).toHaveLength(1)
  })
})
