import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { randomUUID } from 'node:crypto'
import { LogController, type FastifyHttpOptions, type FastifyReply, type FastifyRequest } from 'fastify'
import { ApiError, ERRORS, handleError, presentError, type ErrorCode } from '../errors.js'

/** Limits of the HTTP server itself: headers 16 KiB and 10 s, a whole request 30 s, an idle connection 65 s. Fastify's defaults are none. */
export const SERVER_OPTIONS = {
  http: { maxHeaderSize: 16 * 1024, headersTimeout: 10_000 },
  requestTimeout: 30_000,
  connectionTimeout: 65_000,
  keepAliveTimeout: 60_000,
  bodyLimit: 64 * 1024,
  forceCloseConnections: 'idle',
  return503OnClosing: false,
  trustProxy: false,
  requestIdHeader: false,
  genReqId: () => randomUUID(),
  // Request lines would carry query strings.
  logController: new LogController({ disableRequestLogging: true }),
  onProtoPoisoning: 'ignore',
  onConstructorPoisoning: 'ignore',
  clientErrorHandler: answerClientError,
  frameworkErrors: answerFrameworkError,
} as const satisfies FastifyHttpOptions<Server>

/** What Node's parser refuses never becomes a request: the answer is written to the socket by hand, and the connection closed. */
function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const code = clientErrorCode(error.code)
  const body = JSON.stringify(presentError(code, randomUUID()))
  const { status } = ERRORS[code]
  socket.end(
    `HTTP/1.1 ${status} ${code}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

function clientErrorCode(code: string | undefined): ErrorCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout'
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large'
  return 'bad_request'
}

/** Errors before routing: a URL that doesn't decode, a path parameter that is too long. */
function answerFrameworkError(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  handleError(new ApiError('bad_request'), request, reply)
}
