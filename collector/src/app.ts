import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Database } from '@groundtrack/db'
import { handleError } from './errors.js'
import { answerUnknownRoutes } from './http/known-routes.js'
import { guardOrigin } from './http/origin-guard.js'
import { addSecurityHeaders } from './http/security-headers.js'
import { SERVER_OPTIONS } from './http/server-options.js'
import { queryRoutes } from './query/routes.js'

export interface AppConfig {
  /** The port to listen on; injected requests must name it in Host. */
  port: number
}

export interface AppOptions {
  db: Database
  config: AppConfig
  log: FastifyBaseLogger
  /** Milliseconds since the epoch; tests pass their own. */
  now?: () => number
}

/** The collector's HTTP side, ready to listen. Everything it serves is registered here, in order. */
export async function buildApp({ db, config, log, now = Date.now }: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({ ...SERVER_OPTIONS, loggerInstance: log })
  app.setErrorHandler(handleError)
  answerUnknownRoutes(app)
  addSecurityHeaders(app)
  guardOrigin(app, config.port)
  await app.register(queryRoutes, { db, now })
  return app
}
