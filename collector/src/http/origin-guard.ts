import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from '../errors.js'

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]'])
const INGEST_METHODS = 'POST, PUT, DELETE'
const INGEST_HEADERS = 'authorization, content-encoding, content-type, idempotency-key'

/**
 * Without login every web page in this machine's browser could reach the collector: by DNS rebinding, by a form, by a WebSocket.
 * So Host must name this machine's loopback and our own port (421), and requests that another site's page caused are refused
 * (403), upgrades included. Pages of loopback origins, whatever their port, may use the ingest routes: CORS without credentials.
 */
export function guardOrigin(app: FastifyInstance, configuredPort: number): void {
  app.addHook('onRequest', async (request, reply) => {
    // An injected request has no socket, so no port of its own.
    const port = request.socket.localPort ?? configuredPort
    if (!isOwnHost(request.headers.host, port)) throw new ApiError('bad_host', { close: true })

    const origin = request.headers.origin
    const loopbackIngest = origin !== undefined && isIngest(request) && isLoopbackOrigin(origin)
    if (!loopbackIngest && isForeign(request, origin)) throw new ApiError('forbidden', { close: true })
    if (!loopbackIngest) return

    reply
      .header('access-control-allow-origin', origin)
      .header('vary', 'Origin')
      .header('access-control-expose-headers', 'retry-after, x-request-id')
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
      reply.header('access-control-allow-methods', INGEST_METHODS).header('access-control-allow-headers', INGEST_HEADERS)
      return reply.header('access-control-max-age', '600').code(204).send()
    }
  })
}

/** Host as browsers send it: the port is left out when it is 80. */
function isOwnHost(host: string | undefined, port: number): boolean {
  if (host === undefined) return false
  const [, name = '', given = '80'] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host.toLowerCase()) ?? []
  return LOOPBACK_HOSTS.has(name) && given === String(port)
}

function isForeign(request: FastifyRequest, origin: string | undefined): boolean {
  if (request.headers['sec-fetch-site'] === 'cross-site') return true
  return origin !== undefined && origin.toLowerCase() !== `http://${request.headers.host?.toLowerCase()}`
}

/** Who is there is for the services themselves: pages may tell, not ask. */
function isIngest(request: FastifyRequest): boolean {
  return request.method !== 'GET' && (request.raw.url?.startsWith('/v1/') ?? false)
}

function isLoopbackOrigin(origin: string): boolean {
  const match = /^https?:\/\/(\[[^\]]*\]|[^:/]*)(?::\d{1,5})?$/.exec(origin.toLowerCase())
  return match?.[1] !== undefined && LOOPBACK_HOSTS.has(match[1])
}
