import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../errors.js'

/** Answers what no route takes: 405 with Allow where the path is known for other methods, else 404. Register before any route. */
export function answerUnknownRoutes(app: FastifyInstance): void {
  const routes: { methods: string[]; segments: string[] }[] = []
  app.addHook('onRoute', ({ method, url }) => {
    routes.push({ methods: [method].flat(), segments: url.split('/') })
  })
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const path = (request.raw.url ?? '/').split('?', 1)[0]?.split('/') ?? []
    const allowed = new Set(routes.filter(({ segments }) => matches(segments, path)).flatMap(({ methods }) => methods))
    // A route that takes the method found nothing there itself.
    if (allowed.size === 0 || allowed.has(request.method)) throw new ApiError('not_found')
    reply.header('allow', [...allowed].sort().join(', '))
    throw new ApiError('method_not_allowed')
  })
}

function matches(segments: string[], path: string[]): boolean {
  const wild = segments.at(-1) === '*'
  if (wild ? path.length < segments.length : path.length !== segments.length) return false
  return segments.every((segment, i) => segment === '*' || segment === path[i] || (segment.startsWith(':') && path[i] !== ''))
}
