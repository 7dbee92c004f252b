import http from 'node:http'
import https from 'node:https'
import type { StreamHandlers, StreamRequest, Timer } from '../platform.js'

/** A GET over a connection of its own, which never keeps the process alive. */
export function openStream({ url, headers, timeoutMs }: StreamRequest, handlers: StreamHandlers): Timer {
  let over = false
  const finish = (reason: string): void => {
    if (over) return
    over = true
    clearTimeout(timer)
    handlers.ended(reason)
  }
  const request = (url.startsWith('https:') ? https : http).request(url, { headers, agent: false })
  const timer = setTimeout(() => request.destroy(new Error('no answer in time')), timeoutMs)
  timer.unref()
  request.on('socket', (socket) => socket.unref())
  request.on('error', (error) => finish(error.message))
  request.on('close', () => finish('the connection was closed'))
  request.on('response', (response) => {
    clearTimeout(timer)
    if (over) return
    const { 'content-type': contentType = '', 'retry-after': retryAfter } = response.headers
    response.setEncoding('utf8')
    response.on('data', (text: string) => {
      if (!over) handlers.text(text)
    })
    response.on('error', (error) => finish(error.message))
    response.on('end', () => finish('the stream ended'))
    handlers.opened({ status: response.statusCode ?? 0, contentType, ...(retryAfter === undefined ? {} : { retryAfter }) })
  })
  request.end()
  return {
    cancel() {
      over = true
      clearTimeout(timer)
      request.destroy()
    },
  }
}
