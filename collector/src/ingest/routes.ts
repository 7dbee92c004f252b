import type { FastifyInstance } from 'fastify'
import type { Intake } from './intake.js'
import { nativeRoutes } from './native/routes.js'
import { simpleRoutes } from './simple/routes.js'

/** All ingest routes. They read their bodies themselves: limits and admission come before the first byte. */
export async function ingestRoutes(app: FastifyInstance, { intake }: { intake: Intake }): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  // A content type that isn't even well-formed would be refused before the route is asked.
  app.addHook('onRequest', async (request) => {
    const type = request.headers['content-type']
    if (type !== undefined && request.routeOptions.url === '/v1/events') request.raw.headers['content-type'] = 'application/octet-stream'
  })
  nativeRoutes(app, intake)
  simpleRoutes(app, intake)
}
