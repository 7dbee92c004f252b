import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { IdleConnectionClosed, type Answer, type Outgoing } from '../platform.js'

const MAX_ANSWER_BYTES = 1_048_576

/** HTTP through connections of our own, which never keep the process alive. */
export class Transport {
  readonly #plain = new http.Agent({ keepAlive: true, maxSockets: 6 })
  readonly #secure = new https.Agent({ keepAlive: true, maxSockets: 6 })

  send({ method, url, headers, body, timeoutMs }: Outgoing): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const secure = url.startsWith('https:')
      const length = body === undefined ? {} : { 'content-length': String(body.length) }
      const options = { method, headers: { ...headers, ...length }, agent: secure ? this.#secure : this.#plain }
      const request = (secure ? https : http).request(url, options)
      const timer = setTimeout(() => request.destroy(new Error('no answer in time')), timeoutMs)
      timer.unref()
      request.once('close', () => clearTimeout(timer))
      request.on('socket', (socket) => socket.unref())
      request.on('error', (error: NodeJS.ErrnoException) => {
        const idle = request.reusedSocket && error.code === 'ECONNRESET'
        reject(idle ? new IdleConnectionClosed('the connection was closed', { cause: error }) : error)
      })
      request.on('response', (response) => readAnswer(response, resolve, reject))
      request.end(body)
    })
  }

  /** Writes a request into an open connection; the kernel delivers it even when the process ends in the next instant. */
  sendNow({ method, url, headers, body }: Outgoing): boolean {
    const target = new URL(url)
    const socket = openSocket(target.protocol === 'https:' ? this.#secure : this.#plain, target)
    if (socket === undefined) return false
    const fields = { ...headers, host: target.host, 'content-length': String(body?.length ?? 0) }
    const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
    const start = Buffer.from(`${method} ${target.pathname}${target.search} HTTP/1.1\r\n${head.join('')}\r\n`, 'latin1')
    socket.write(body === undefined ? start : Buffer.concat([start, body]))
    return true
  }

  disconnect(): void {
    this.#plain.destroy()
    this.#secure.destroy()
  }
}

function readAnswer(response: http.IncomingMessage, resolve: (answer: Answer) => void, reject: (error: Error) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  response.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > MAX_ANSWER_BYTES) response.destroy(new Error('the answer is too long'))
    else chunks.push(chunk)
  })
  response.on('error', reject)
  response.on('aborted', () => reject(new Error('the answer was cut')))
  response.on('end', () => {
    const retryAfter = response.headers['retry-after']
    const body = Buffer.concat(chunks).toString('utf8')
    resolve({ status: response.statusCode ?? 0, body, ...(retryAfter === undefined ? {} : { retryAfter }) })
  })
}

/** An idle connection, else one that only waits for an answer: HTTP/1.1 lets the next request follow at once. */
function openSocket(agent: http.Agent, target: URL): Socket | undefined {
  const byHost = [...Object.entries(agent.freeSockets), ...Object.entries(agent.sockets)]
  const host = target.hostname.replace(/^\[|\]$/g, '')
  const sockets = byHost.filter(([name]) => name.startsWith(`${host}:`)).flatMap(([, list = []]) => list)
  return sockets.find((socket) => !socket.destroyed && !socket.connecting && socket.writable && socket.writableLength === 0)
}
