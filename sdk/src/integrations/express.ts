import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Groundtrack } from '../groundtrack.js'
import type { Session } from '../session.js'

export interface ExpressOptions {
  /** Paths that open no hop. */
  ignore?: readonly string[]
}

/** What is read of Express's request. */
interface RoutedRequest extends IncomingMessage {
  originalUrl?: string
  baseUrl?: string
  route?: { path?: unknown }
}

type Next = (error?: unknown) => void

const IGNORED = ['/healthz', '/readyz', '/livez', '/metrics', '/favicon.ico']

/**
 * Middleware that gives each request a hop: joins its session, runs the handlers in it, answers with `gt-clock`, and closes it
 * when the answer is out: with error from status 500 on, or when the client left first. Use it before all other middleware.
 * The request is one interaction: what the handlers throw is a failure of the nodes they called, see `expressErrors`.
 *
 * A route is known only once its handler was found, so the name is asked for when the opening is shipped (250 ms at the
 * latest) or the hop closed, whichever comes first: "GET /cart/:id" where a route matched by then, else method and path.
 */
export function expressSessions(
  gt: Pick<Groundtrack, 'join'>,
  { ignore = IGNORED }: ExpressOptions = {},
): (request: IncomingMessage, response: ServerResponse, next: Next) => void {
  const ignored = new Set(ignore)
  return (request: RoutedRequest, response, next) => {
    const path = pathOf(request)
    if (ignored.has(path)) return next()
    const session = gt.join(request, { name: () => nameOf(request, path) })
    tellClock(response, session)
    response.once('finish', () => closeAnswered(session, response.statusCode))
    response.once('close', () => session.close({ status: 'error', reason: 'the connection ended before the answer' }))
    session.start()
    session.run(() => next())
  }
}

/**
 * Error middleware that logs what a handler threw into its session, and passes it on. Use it after all routes. The nodes resolved for the
 * request count as failed; but where one of them failed already, that explains the exception, and no other is blamed.
 */
export function expressErrors(
  gt: Pick<Groundtrack, 'current'>,
): (error: unknown, request: IncomingMessage, response: ServerResponse, next: Next) => void {
  return (error, _request, _response, next) => {
    const session = gt.current()
    session?.error('http', error)
    session?.failWith(error)
    next(error)
  }
}

function closeAnswered(session: Session, status: number): void {
  if (status >= 500) session.close({ status: 'error', reason: `HTTP ${status}` })
  else {
    session.finish()
    session.close()
  }
}

/** Headers can be set until the last moment before they go out; the count is then as far as it gets. */
function tellClock(response: ServerResponse, session: Session): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse
  response.writeHead = ((...args: unknown[]): ServerResponse => {
    const clock = session.clockHeader
    if (!response.headersSent && clock !== undefined) {
      response.setHeader('gt-clock', clock)
      response.appendHeader('Access-Control-Expose-Headers', 'gt-clock')
    }
    return writeHead(...args)
  }) as ServerResponse['writeHead']
}

function pathOf({ originalUrl, url }: RoutedRequest): string {
  const target = originalUrl ?? url ?? '/'
  const query = target.indexOf('?')
  return query < 0 ? target : target.slice(0, query)
}

function nameOf(request: RoutedRequest, path: string): string {
  const route = request.route?.path
  const known = typeof route === 'string' || route instanceof RegExp
  return `${request.method ?? 'GET'} ${known ? `${request.baseUrl ?? ''}${String(route)}` : path}`
}
