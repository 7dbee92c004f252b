import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { SessionEvents, SessionView } from '../api.js'
import { presentSession } from './present-session.js'
import { readFilter, readLimit } from './request.js'
import type { QueryOptions } from './routes.js'
import { streamLines, streamSession } from './session-export.js'
import { filterRows, findRow, presentRows } from './session-rows.js'
import type { SessionStore } from './session-store.js'

const Params = Type.Object({ id: Type.String({ maxLength: 128 }) })
const Download = Type.Optional(Type.Union([Type.Literal('1'), Type.Literal('0')]))
const SessionQuery = Type.Object({ format: Type.Optional(Type.Literal('json')), download: Download })
const EventsQuery = Type.Object({
  order: Type.Optional(Type.Union([Type.Literal('tree'), Type.Literal('cause'), Type.Literal('clock')])),
  from: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  at: Type.Optional(Type.String({ maxLength: 64 })),
  cursor: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  q: Type.Optional(Type.String()),
  format: Type.Optional(Type.Union([Type.Literal('json'), Type.Literal('ndjson')])),
  download: Download,
})
const USUAL_LIMIT = 200
const MAX_LIMIT = 1_000

/** One session: what is known of it as a whole, and its rows in one of three orders. */
export const sessionRoutes: FastifyPluginAsyncTypebox<QueryOptions & { sessions: SessionStore }> = async (
  app,
  { reader, now, sessions },
) => {
  app.get('/api/v1/sessions/:id', { schema: { params: Params, querystring: SessionQuery } }, async (request, reply) => {
    const { format, download } = request.query
    const session = await sessions.open(request.params.id)
    const view: SessionView = await presentSession(reader, session)
    if (download === '1') nameFile(reply, session.bounds.session, 'json')
    if (format !== 'json') return view
    return reply.type('application/json; charset=utf-8').send(streamSession(reader, session, session.inOrder('tree'), view))
  })

  app.get('/api/v1/sessions/:id/events', { schema: { params: Params, querystring: EventsQuery } }, async (request, reply) => {
    const { order = 'tree', at, q, cursor, from = cursor ?? 0, format, download } = request.query
    const filter = q === undefined || q.trim() === '' ? null : readFilter(q)
    const session = await sessions.open(request.params.id)
    const all = session.inOrder(order)
    const rows = filter ? await filterRows(reader, session, all, filter, new Date(now())) : all
    if (format === 'ndjson' || (format === undefined && request.headers.accept?.includes('application/x-ndjson'))) {
      if (download === '1') nameFile(reply, session.bounds.session, 'ndjson')
      return reply.type('application/x-ndjson; charset=utf-8').send(streamLines(reader, session, rows))
    }
    const start = at === undefined ? from : findRow(session, rows, all, at)
    const end = start + readLimit(request.query.limit, USUAL_LIMIT, MAX_LIMIT)
    const total = rows.rows.length
    const items = await presentRows(reader, session, rows, start, end)
    const answer: SessionEvents = { items, total, from: start, next: end < total ? String(end) : null }
    return answer
  })
}

function nameFile(reply: FastifyReply, session: string, extension: 'json' | 'ndjson'): void {
  reply.header('content-disposition', `attachment; filename="session-${session}.${extension}"`)
}
