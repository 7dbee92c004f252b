import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RegisteredNode } from '@groundtrack/db'
import { ApiError } from '../errors.js'
import { EventStream } from '../http/event-stream.js'
import { isUuid } from '../ingest/ids.js'
import { NodeWatch } from './node-watch.js'
import { presentRegistered } from './present-registered.js'
import { readOwner, readRegistration } from './read-registration.js'
import type { Registry } from './registry.js'

const MAX_BODY_BYTES = 64 * 1024
/** Leaves half of the connections to everybody else. */
const MAX_WATCHERS = 2_048
const PING_MS = 15_000
const STOP_MS = 1_000

interface NodeRoute {
  Params: { id: string }
  Querystring: { service?: string | string[] }
}

interface TableRoute {
  Querystring: { watch?: string | string[]; environment?: string | string[] }
}

/** The registry: heartbeats and leaves of nodes, and who is there. */
export async function registryRoutes(app: FastifyInstance, { registry }: { registry: Registry }): Promise<void> {
  // A leave has no body, whatever its headers say; a heartbeat's that doesn't parse is a bad node.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: MAX_BODY_BYTES }, (_request, body, done) =>
    done(null, parseJson(String(body))),
  )
  const streams = new Set<EventStream>()
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end()
    // Who doesn't read doesn't hold up the stop.
    setTimeout(() => streams.forEach((stream) => stream.destroy()), STOP_MS).unref()
  })

  app.put<NodeRoute>('/v1/nodes/:id', async (request, reply) => {
    await registry.beat(readRegistration(request.params.id, request.body, request.headers.authorization))
    return reply.code(204).send()
  })

  app.delete<NodeRoute>('/v1/nodes/:id', async (request, reply) => {
    const { service } = request.query
    const uuid = request.params.id.toLowerCase()
    if (!isUuid(uuid) || Array.isArray(service) || service?.includes('\0')) throw new ApiError('bad_node')
    await registry.leave({ uuid, service: service ?? null, owner: readOwner(request.headers.authorization) })
    return reply.code(204).send()
  })

  app.get<TableRoute>('/v1/nodes', async (request, reply) => {
    const { watch, environment } = request.query
    if (Array.isArray(environment) || (watch !== undefined && watch !== '1' && watch !== '0')) throw new ApiError('bad_request')
    const isWanted = selectEnvironment(environment)
    const nodes = registry.active().filter(isWanted)
    if (watch !== '1') return { items: nodes.map(presentRegistered), next: null, registry: registry.health() }
    if (streams.size >= MAX_WATCHERS) throw new ApiError('overloaded', { retryAfterSeconds: 5, limit: MAX_WATCHERS })
    await serveWatch(request, reply, { registry, streams, nodes, isWanted })
  })
}

/** All of them, or those of one environment; of `fallback:name` those of both. */
function selectEnvironment(environment: string | undefined): (node: RegisteredNode) => boolean {
  if (environment === undefined || environment === '') return () => true
  const names = new Set([environment, ...environment.split(':')])
  return (node) => names.has(node.environment)
}

interface Watch {
  registry: Registry
  streams: Set<EventStream>
  nodes: readonly RegisteredNode[]
  isWanted: (node: RegisteredNode) => boolean
}

/** Resolves when the client is gone. */
async function serveWatch(request: FastifyRequest, reply: FastifyReply, { registry, streams, nodes, isWanted }: Watch): Promise<void> {
  const stream = new EventStream(request, reply)
  const watch = new NodeWatch(stream, isWanted)
  streams.add(stream)
  const unwatch = registry.watch((events) => watch.tell(events))
  const pings = setInterval(() => stream.comment(' ping'), PING_MS)
  const gone = new Promise((resolve) => stream.signal.addEventListener('abort', resolve))
  await watch.tellTable(nodes)
  await gone
  clearInterval(pings)
  unwatch()
  streams.delete(stream)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
