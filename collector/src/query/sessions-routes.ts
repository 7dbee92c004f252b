import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { countSessions, searchSessions, type Filter, type SearchSessions, type SessionKey } from '@groundtrack/db'
import type { SessionList } from '../api.js'
import { ApiError } from '../errors.js'
import { decodeCursor, encodeCursor } from './cursor.js'
import { loadSummaries } from './load-summaries.js'
import type { QueryOptions } from './routes.js'
import { PageParameters, readFilter, readLimit, readRange, SearchParameters } from './request.js'
import { parseSessionId } from './session-id.js'

const Query = Type.Object({
  ...SearchParameters,
  ...PageParameters,
  sort: Type.Optional(Type.Union([Type.Literal('start'), Type.Literal('duration'), Type.Literal('errors')])),
})

const USUAL_LIMIT = 50
const MAX_LIMIT = 200

/** The list of sessions: those with events in the range that satisfy the search. */
export const sessionsRoutes: FastifyPluginAsyncTypebox<QueryOptions> = async (app, { reader, now }) => {
  app.get('/api/v1/sessions', { schema: { querystring: Query } }, async (request): Promise<SessionList> => {
    const { q, cursor, sort = 'start' } = request.query
    const nowMs = now()
    const limit = readLimit(request.query.limit, USUAL_LIMIT, MAX_LIMIT)
    const filter = readFilter(q)
    const search: SearchSessions = { ...readRange(request.query, nowMs), filter, now: new Date(nowMs), sort, limit: limit + 1 }
    const after = cursor === undefined ? undefined : readCursor(sort, cursor)
    const found = await searchSessions(reader, { ...search, ...(after && { after }) })
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    const items = await loadSummaries(
      reader,
      page.map((key) => key.session),
      nowMs,
    )
    const next = last ? encodeCursor(sort, [last.value, last.session]) : null
    if (cursor !== undefined) return { items, next }
    const isComplete = next === null
    const total = isComplete
      ? { sessions: items.length, failed: items.filter((item) => item.outcome === 'failed').length }
      : matchesAll(filter)
        ? await countSessions(reader, search)
        : null
    return { items, next, ...(total && { total }) }
  })
}

function readCursor(sort: string, cursor: string): SessionKey {
  const [value, session] = decodeCursor(sort, cursor, ['number', 'string'])
  if (parseSessionId(String(session)) !== session) throw new ApiError('bad_cursor')
  return { value: Number(value), session }
}

function matchesAll(filter: Filter): boolean {
  return 'all' in filter && filter.all.length === 0
}
