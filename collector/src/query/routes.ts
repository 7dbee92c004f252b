import type { FastifyError, FastifyPluginAsync } from 'fastify'
import { classifyError, errorCode, openProjectReader, type Database, type ProjectReader } from '@groundtrack/db'
import { breakerHistoryRoute } from '../breakers/breaker-history-route.js'
import { breakersRoutes } from '../breakers/breakers-routes.js'
import { ApiError, handleError } from '../errors.js'
import { mapRoute } from '../map/map-route.js'
import type { Registry } from '../registry/registry.js'
import { eventsRoutes } from './events-routes.js'
import { fieldsRoutes } from './fields-routes.js'
import { histogramRoute } from './histogram-route.js'
import { keepRoute } from './keep-route.js'
import { nodesRoutes } from './nodes-routes.js'
import { nodeSkewRoute } from './node-skew-route.js'
import { relationRoute } from './relation-route.js'
import { sessionRoutes } from './session-routes.js'
import { createSessionStore } from './session-store.js'
import { sessionsRoutes } from './sessions-routes.js'

export interface QueryRoutesOptions {
  db: Database
  /** Milliseconds since the epoch. */
  now: () => number
  registry: Registry
}

export interface QueryOptions {
  reader: ProjectReader
  now: () => number
}

// One project until there are logins; everything below reads through a handle bound to it.
const PROJECT = 1
const STATEMENT_TIMEOUT = '57014'

/** Everything that only reads: sessions, events, counts, fields, services; and the one mark that a reader can set, to keep a session. */
export const queryRoutes: FastifyPluginAsync<QueryRoutesOptions> = async (app, { db, now, registry }) => {
  const options: QueryOptions = { reader: openProjectReader(db.read, PROJECT), now }
  const sessions = createSessionStore(options.reader, now)
  app.setErrorHandler((error: FastifyError, request, reply) => handleError(translate(error), request, reply))
  await app.register(sessionsRoutes, options)
  await app.register(sessionRoutes, { ...options, sessions })
  await app.register(relationRoute, { sessions })
  await app.register(eventsRoutes, options)
  await app.register(histogramRoute, options)
  await app.register(fieldsRoutes, options)
  await app.register(nodesRoutes, { ...options, registry })
  await app.register(breakersRoutes, options)
  await app.register(breakerHistoryRoute, options)
  await app.register(mapRoute, options)
  await app.register(nodeSkewRoute, options)
  await app.register(keepRoute, { ...options, db })
}

function translate(error: FastifyError): FastifyError | ApiError {
  if (error instanceof ApiError) return error
  if (errorCode(error) === STATEMENT_TIMEOUT) return new ApiError('query_timeout')
  return classifyError(error) === 'unavailable' ? new ApiError('db_unavailable', { retryAfterSeconds: 2 }) : error
}
