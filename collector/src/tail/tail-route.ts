import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { classifyError, openProjectReader, type Database, type Filter } from '@groundtrack/db'
import { Type } from 'typebox'
import { ApiError } from '../errors.js'
import { EventStream } from '../http/event-stream.js'
import { readFilter } from '../query/request.js'
import { parseSessionId } from '../query/session-id.js'
import { parseTime } from '../query/time.js'
import type { Follower } from './follower.js'
import { Tail, type TailStart } from './tail.js'
import { readCursor } from './tail-cursor.js'

export interface TailRouteOptions {
  db: Database
  follower: Follower
  now: () => number
  projectId: number
}

const Query = Type.Object({
  session: Type.Optional(Type.String({ maxLength: 128 })),
  q: Type.Optional(Type.String()),
  since: Type.Optional(Type.String({ maxLength: 16_384 })),
  last: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
})

const MAX_TAILS = 500
const MAX_LAST = 1_000

/**
 * Server-sent events: `event` with the event's JSON and a cursor as id, `gap` where the client was too slow, `live` once history is
 * told, `ping` each 15 s. `since`: a duration, a time or a cursor; `last`: the newest so many; `Last-Event-ID` goes before both.
 */
export const tailRoute: FastifyPluginAsyncTypebox<TailRouteOptions> = async (app, { db, follower, now, projectId }) => {
  const reader = openProjectReader(db.follow, projectId)
  const streams = new Set<EventStream>()
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end()
  })

  app.get('/api/v1/tail', { schema: { querystring: Query } }, async (request, reply) => {
    const { session, q, since, last } = request.query
    const filter = readTailFilter(session, q)
    const start = readStart(request.headers['last-event-id'] ?? since, last, session !== undefined, now())
    if (streams.size >= MAX_TAILS) throw new ApiError('too_many_tails', { retryAfterSeconds: 5, limit: MAX_TAILS })
    const stream = new EventStream(request, reply)
    streams.add(stream)
    const tail = new Tail(stream, filter, { reader, follower, now })
    try {
      await tail.run(start)
    } catch (error) {
      // The client comes back with its cursor.
      if (classifyError(error) !== 'unavailable') request.log.error({ err: error }, 'a tail ended')
    } finally {
      streams.delete(stream)
      stream.end()
    }
  })
}

function readTailFilter(session: string | undefined, q: string | undefined): Filter {
  const filter = readFilter(q)
  if (session === undefined) return filter
  const id = parseSessionId(session)
  if (id === null) throw new ApiError('bad_request')
  return { all: [{ field: 'session', session: id }, filter] }
}

/** A session is told from its beginning, anything else from now on, where nothing else is asked for. */
function readStart(since: string | string[] | undefined, last: number | undefined, isSession: boolean, nowMs: number): TailStart {
  if (Array.isArray(since)) throw new ApiError('bad_cursor')
  if (since === undefined || since === '') {
    if (last !== undefined) return last === 0 ? 'now' : { last: Math.min(last, MAX_LAST) }
    return isSession ? { sinceMicros: 0 } : 'now'
  }
  const cursor = readCursor(since)
  if (cursor) return { cursor }
  const time = parseTime(/^\d+(?:\.\d+)?[a-z]+$/.test(since) ? `-${since}` : since, nowMs)
  if (!time) throw new ApiError('bad_cursor')
  return { sinceMicros: time.getTime() * 1_000 }
}
