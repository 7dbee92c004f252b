import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { searchEvents, type EventPosition } from '@groundtrack/db'
import type { EventView, Page } from '../api.js'
import { ApiError } from '../errors.js'
import { decodeCursor, encodeCursor } from './cursor.js'
import { loadNodes } from './load-summaries.js'
import { presentEvent } from './present-event.js'
import { PageParameters, readFilter, readLimit, readTime, SearchParameters } from './request.js'
import type { QueryOptions } from './routes.js'

const Query = Type.Object({ ...SearchParameters, ...PageParameters })

const USUAL_LIMIT = 100
const MAX_LIMIT = 1_000
const ROUTE = 'events'

/** Events of all sessions and of the processes themselves, newest first. */
export const eventsRoutes: FastifyPluginAsyncTypebox<QueryOptions> = async (app, { reader, now }) => {
  app.get('/api/v1/events', { schema: { querystring: Query } }, async (request): Promise<Page<EventView>> => {
    const { q, cursor } = request.query
    const nowMs = now()
    const limit = readLimit(request.query.limit, USUAL_LIMIT, MAX_LIMIT)
    const from = readTime(request.query.from, nowMs)
    const to = readTime(request.query.to, nowMs)
    if (from && to && from > to) throw new ApiError('bad_request')
    const after = cursor === undefined ? undefined : readCursor(cursor)
    const search = { from, to, filter: readFilter(q), now: new Date(nowMs), limit: limit + 1, ...(after && { after }) }
    const found = await searchEvents(reader, search)
    const page = found.slice(0, limit)
    const nodes = await loadNodes(
      reader,
      page.map((row) => row.nodeId),
    )
    const last = found.length > limit ? page.at(-1) : undefined
    return {
      items: page.map((row) => presentEvent(row, nodes.get(row.nodeId))),
      next: last ? encodeCursor(ROUTE, [last.timeMicros, last.flushId, last.ordinal]) : null,
    }
  })
}

function readCursor(cursor: string): EventPosition {
  const [timeMicros, flushId, ordinal] = decodeCursor(ROUTE, cursor, ['number', 'string', 'number'])
  if (!/^\d{1,18}$/.test(String(flushId)) || !Number.isInteger(ordinal) || Number(ordinal) < 0 || Number(ordinal) >= 2 ** 31)
    throw new ApiError('bad_cursor')
  return { timeMicros: Number(timeMicros), flushId: String(flushId), ordinal: Number(ordinal) }
}
