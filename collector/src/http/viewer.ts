import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../errors.js'

/** Addresses of the viewer's pages: all are the one index.html, which routes by itself. */
const PAGES = ['/', '/sessions', '/s/*', '/logs', '/nodes', '/nodes/*', '/breakers/*', '/map', '/settings', '/settings/*']
const YEAR_SECONDS = 31_536_000
const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Groundtrack</title>
<h1>The viewer is not built yet</h1><p>The collector runs and takes events. Run <code>npm run build</code>, then reload this page.</p></html>`

/** Serves the built viewer in `directory`; a page that says what to do where there is none. */
export async function viewerRoutes(app: FastifyInstance, { directory }: { directory: string }): Promise<void> {
  await app.register(fastifyStatic, { root: directory, serve: false })

  const page = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!acceptsHtml(request)) throw new ApiError('not_found')
    reply.header('cache-control', 'no-cache')
    // Looked for each time: the build may come while the collector runs.
    if (!existsSync(join(directory, 'index.html'))) return reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT)
    return reply.sendFile('index.html', { cacheControl: false })
  }
  for (const url of PAGES) app.get(url, page)

  // Names of assets hold a hash of their content.
  app.get<{ Params: { '*': string } }>('/assets/*', async (request, reply) => {
    reply.header('cache-control', `public, max-age=${YEAR_SECONDS}, immutable`)
    return reply.sendFile(`assets/${request.params['*']}`, { cacheControl: false })
  })
  for (const name of ['favicon.svg', 'favicon.ico']) {
    app.get(`/${name}`, async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=86400')
      return reply.sendFile(name, { cacheControl: false })
    })
  }
}

/** Browsers ask for text/html; what takes anything (curl) gets the page too. */
function acceptsHtml(request: FastifyRequest): boolean {
  const { accept } = request.headers
  return accept === undefined || accept.includes('text/html') || accept.includes('*/*')
}
