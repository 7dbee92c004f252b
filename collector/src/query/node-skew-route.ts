import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { isNodeKnown, listNodeSessions, type NodeSession, type ProjectReader } from '@groundtrack/db'
import type { NodeSkewPage } from '../api.js'
import { boundPairs, intersectPairs, type DatedBounds } from '../causality/index.js'
import { ApiError } from '../errors.js'
import { loadSession } from './loaded-session.js'
import type { QueryOptions } from './routes.js'
import { readTime, SearchParameters } from './request.js'

const Params = Type.Object({ id: Type.String({ pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' }) })
const { from, to } = SearchParameters
const Query = Type.Object({ from, to })

const USUAL_WINDOW_MS = 600_000
const MAX_SESSIONS = 50
/** Of one session, and of all that are read for one answer: what is larger is left out. */
const MAX_SESSION_EVENTS = 5_000
const MAX_EVENTS = 50_000
const AT_ONCE = 4

/** How far the clocks of a node's peers are ahead of its own, from all calls between them in a window. */
export const nodeSkewRoute: FastifyPluginAsyncTypebox<QueryOptions> = async (app, { reader, now }) => {
  app.get('/api/v1/nodes/:id/skew', { schema: { params: Params, querystring: Query } }, async (request): Promise<NodeSkewPage> => {
    const nowMs = now()
    const end = readTime(request.query.to, nowMs) ?? new Date(nowMs)
    const start = readTime(request.query.from, nowMs) ?? new Date(end.getTime() - USUAL_WINDOW_MS)
    if (start > end) throw new ApiError('bad_request')
    const node = request.params.id.toLowerCase()
    if (!(await isNodeKnown(reader, node))) throw new ApiError('not_found')
    const sessions = choose(await listNodeSessions(reader, { node, from: start, to: end, limit: MAX_SESSIONS }))
    const { bounds, services } = await readBounds(reader, node, sessions)
    const pairs = [...bounds].map(([id, newestFirst]) => {
      const { offsetMicros, errorMicros, ...rest } = intersectPairs(newestFirst)
      const error = errorMicros === null ? null : errorMicros / 1_000
      return { other: { id, service: services.get(id) ?? '' }, offset: offsetMicros / 1_000, error, ...rest }
    })
    pairs.sort((a, b) => compare(a.other.service, b.other.service) || compare(a.other.id, b.other.id))
    return { from: start.toISOString(), to: end.toISOString(), sessions: sessions.length, pairs }
  })
}

function choose(found: readonly NodeSession[]): NodeSession[] {
  let left = MAX_EVENTS
  return found.filter(({ events }) => events <= MAX_SESSION_EVENTS && (left -= events) >= 0)
}

/** What the sessions say of each other node, the newest first. */
async function readBounds(reader: ProjectReader, node: string, sessions: readonly NodeSession[]) {
  const bounds = new Map<string, DatedBounds[]>()
  const services = new Map<string, string>()
  for (let start = 0; start < sessions.length; start += AT_ONCE) {
    const some = sessions.slice(start, start + AT_ONCE)
    const loaded = await Promise.all(some.map(({ session }) => loadSession(reader, session)))
    for (const [i, { graph, nodes }] of loaded.entries()) {
      for (const { node: id, service } of nodes.values()) if (!services.has(id)) services.set(id, service)
      for (const [other, pair] of boundPairs(graph, node))
        bounds.set(other, [...(bounds.get(other) ?? []), { ...pair, atMicros: some[i]?.receivedMicros ?? 0 }])
    }
  }
  return { bounds, services }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
