import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { isSessionKnown, keepSession, MAX_KEPT_SESSIONS, releaseSession, type Database } from '@groundtrack/db'
import { ApiError } from '../errors.js'
import type { QueryOptions } from './routes.js'
import { parseSessionId } from './session-id.js'

const Params = Type.Object({ id: Type.String({ maxLength: 128 }) })

export interface KeepRouteOptions extends QueryOptions {
  db: Database
}

/** Keeps a session past retention, or lets it go with its days again. Both may be repeated. */
export const keepRoute: FastifyPluginAsyncTypebox<KeepRouteOptions> = async (app, { db, reader, now }) => {
  const { projectId } = reader
  // Neither takes a body, whatever the headers say.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume()
    done(null)
  })

  app.put('/api/v1/sessions/:id/keep', { schema: { params: Params } }, async (request): Promise<{ kept: boolean }> => {
    const session = readSession(request.params.id)
    if (!(await isSessionKnown(reader, session))) throw new ApiError('not_found')
    const kept = await keepSession(db.ingest, { projectId, session }, new Date(now()))
    if (!kept) throw new ApiError('too_many_kept', { limit: MAX_KEPT_SESSIONS })
    return { kept }
  })

  app.delete('/api/v1/sessions/:id/keep', { schema: { params: Params } }, async (request): Promise<{ kept: boolean }> => {
    await releaseSession(db.ingest, { projectId, session: readSession(request.params.id) })
    return { kept: false }
  })
}

function readSession(id: string): string {
  const session = parseSessionId(id)
  if (session === null) throw new ApiError('not_found')
  return session
}
