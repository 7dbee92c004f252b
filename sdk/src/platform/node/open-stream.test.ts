import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StreamOpening } from '../platform.js'
import { openStream } from './open-stream.js'

let server: http.Server
let url = ''
let serve: (request: http.IncomingMessage, response: http.ServerResponse) => void
beforeEach(async () => {
  server = http.createServer((request, response) => serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/nodes?watch=1`
})
afterEach(async () => {
  server.closeAllConnections()
  if (server.listening) await new Promise((resolve) => server.close(resolve))
})

/** Reads a stream to its end. */
function read(timeoutMs = 5_000): Promise<{ opening: StreamOpening | undefined; text: string; reason: string }> {
  return new Promise((resolve) => {
    let opening: StreamOpening | undefined
    let text = ''
    openStream(
      { url, headers: { authorization: 'Bearer x' }, timeoutMs },
      { opened: (one) => (opening = one), text: (piece) => (text += piece), ended: (reason) => resolve({ opening, text, reason }) },
    )
  })
}

describe('a stream', () => {
  test('is read as it comes, letters cut apart put together again', async () => {
    serve = (request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const bytes = Buffer.from(`data: ${request.headers.authorization} ü支\n\n`)
      response.write(bytes.subarray(0, -4))
      setImmediate(() => response.end(bytes.subarray(-4)))
    }

    expect(await read()).toEqual({
      opening: { status: 200, contentType: 'text/event-stream' },
      text: 'data: Bearer x ü支\n\n',
      reason: 'the stream ended',
    })
  })

  test('tells what it is told beside', async () => {
    serve = (_request, response) => response.writeHead(503, { 'retry-after': '5' }).end()

    expect((await read()).opening).toEqual({ status: 503, contentType: '', retryAfter: '5' })
  })

  test.each([
    ['cut before the answer', (request: http.IncomingMessage) => request.socket.destroy(), /socket hang up|ECONNRESET/],
    [
      'cut within',
      (request: http.IncomingMessage, response: http.ServerResponse) => {
        response.write('data')
        setImmediate(() => request.socket.destroy())
      },
      /aborted|closed|ECONNRESET/,
    ],
    ['silent', () => {}, /no answer in time/],
  ])('ends with a reason when it is %s', async (_, work, reason) => {
    serve = work

    expect((await read(60)).reason).toMatch(reason)
  })

  test('ends with a reason where nobody listens', async () => {
    await new Promise((resolve) => server.close(resolve))

    expect((await read()).reason).toContain('ECONNREFUSED')
  })

  test('says nothing any more once it was cancelled, and its connection is gone', async () => {
    const said: string[] = []
    const closed = new Promise<void>((resolve) => {
      serve = (request, response) => {
        request.socket.once('close', () => resolve())
        response.write('data: 1\n\n')
      }
    })
    await new Promise<void>((resolve) => {
      const stream = openStream(
        { url, headers: {}, timeoutMs: 5_000 },
        {
          opened: () => {},
          text: (text) => {
            said.push(text)
            stream.cancel()
            resolve()
          },
          ended: (reason) => void said.push(reason),
        },
      )
    })

    await closed
    expect(said).toEqual(['data: 1\n\n'])
  })
})
