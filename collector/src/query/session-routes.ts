import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { SessionEvents, SessionView } from '../api.js'
import { ApiError } from '../errors.js'
import { loadOutline, loadSession, type LoadedSession } from './loaded-session.js'
import { presentSession } from './present-session.js'
import { readFilter, readLimit } from './request.js'
import type { QueryOptions } from './routes.js'
import { SessionCache } from './session-cache.js'
import { parseSessionId } from './session-id.js'
import { filterRows, findRow, orderRows, presentRows, type OrderedRows } from './session-rows.js'

const Params = Type.Object({ id: Type.String({ maxLength: 128 }) })
const EventsQuery = Type.Object({
  order: Type.Optional(Type.Union([Type.Literal('tree'), Type.Literal('cause'), Type.Literal('clock')])),
  from: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  at: Type.Optional(Type.String({ maxLength: 64 })),
  cursor: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  q: Type.Optional(Type.String()),
})

const USUAL_LIMIT = 200
const MAX_LIMIT = 1_000
const STREAM_WINDOW = 1_000
const MAX_CACHE_BYTES = 48 * 1024 * 1024

/** One session: what is known of it as a whole, and its rows in one of three orders. */
export const sessionRoutes: FastifyPluginAsyncTypebox<QueryOptions> = async (app, { reader, now }) => {
  const cache = new SessionCache(MAX_CACHE_BYTES)

  async function load(id: string): Promise<LoadedSession> {
    const session = parseSessionId(id)
    const outline = session === null ? null : await loadOutline(reader, session)
    if (!outline) throw new ApiError('not_found')
    const loaded = await cache.get(outline, now(), () => loadSession(reader, outline, now()))
    // Presence moves on while the order stays.
    return { ...loaded, nodes: outline.nodes }
  }

  app.get('/api/v1/sessions/:id', { schema: { params: Params } }, async (request): Promise<SessionView> => {
    return presentSession(await load(request.params.id), now())
  })

  app.get('/api/v1/sessions/:id/events', { schema: { params: Params, querystring: EventsQuery } }, async (request, reply) => {
    const { order = 'tree', at, q, cursor, from = cursor ?? 0 } = request.query
    const filter = q === undefined || q.trim() === '' ? null : readFilter(q)
    const session = await load(request.params.id)
    const all = orderRows(session, order)
    const rows = filter ? await filterRows(reader, session, all, filter, new Date(now())) : all
    if (request.headers.accept?.includes('application/x-ndjson'))
      return reply.type('application/x-ndjson; charset=utf-8').send(Readable.from(streamLines(session, rows)))
    const start = at === undefined ? from : findRow(session, rows, all, at)
    const end = start + readLimit(request.query.limit, USUAL_LIMIT, MAX_LIMIT)
    const total = rows.rows.length
    const items = await presentRows(reader, session, rows, start, end)
    const answer: SessionEvents = { items, total, from: start, next: end < total ? String(end) : null }
    return answer
  })

  async function* streamLines(session: LoadedSession, ordered: OrderedRows): AsyncGenerator<string> {
    for (let start = 0; start < ordered.rows.length; start += STREAM_WINDOW) {
      const rows = await presentRows(reader, session, ordered, start, start + STREAM_WINDOW)
      yield rows.map((row) => `${JSON.stringify(row)}\n`).join('')
    }
  }
}
