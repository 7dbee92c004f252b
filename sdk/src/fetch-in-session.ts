import type { Call, CallOptions } from './call.js'
import { canFollow, fetchFollowing } from './follow-redirects.js'
import type { HeaderSource } from './propagation/carrier.js'
import { reasonOf } from './reason.js'

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** What it needs of a session. */
export interface Caller {
  remaining: () => number | undefined
  startCall: (options: CallOptions) => Call
  /** Whether these headers are of a call that is recorded already. */
  owns: (headers: HeaderSource | undefined) => boolean
}

/** Sends a request as a call of the session; the call returns when the answer's headers are there. Rejects as `fetch` does. */
export async function fetchInSession(session: Caller, fetch: Fetch, input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const request = typeof input === 'object' && 'url' in input ? input : undefined
  const url = typeof input === 'string' ? input : 'url' in input ? input.url : input.href
  // Headers may be a list of pairs, too; ours are never handed out so.
  if (session.owns((init?.headers ?? request?.headers) as HeaderSource | undefined)) return fetch(input, init)
  const remainingMs = session.remaining()
  const call = session.startCall({ to: url, ...describe(url, init?.method ?? request?.method ?? 'GET') })
  const given = init?.signal ?? request?.signal
  const deadline = remainingMs === undefined ? undefined : AbortSignal.timeout(Math.floor(remainingMs))
  const signals = [given, deadline].filter((signal) => signal !== undefined && signal !== null)
  const [signal] = signals.length > 1 ? [AbortSignal.any(signals)] : signals
  try {
    const response = await send(call, fetch, input, { ...init, ...(signal === undefined ? {} : { signal }) })
    const failed = response.status >= 500
    call.finish({ status: failed ? 'error' : 'ok', headers: response.headers, ...(failed ? { reason: `HTTP ${response.status}` } : {}) })
    return response
  } catch (error) {
    const timedOut = deadline?.aborted === true || nameOf(error) === 'TimeoutError'
    call.finish({ status: timedOut ? 'timeout' : 'error', reason: timedOut ? 'deadline exceeded' : reasonOf(error) })
    throw error
  }
}

function describe(url: string, method: string): { name?: string; target?: { address: string } } {
  if (!URL.canParse(url)) return {}
  const { origin, pathname } = new URL(url)
  return { name: `${method.toUpperCase()} ${pathname}`, target: { address: origin } }
}

/** No redirect carries off what only peers may get: where one may come, it is followed by us, or such headers are not sent. */
function send(call: Call, fetch: Fetch, input: string | URL | Request, init: RequestInit): Promise<Response> {
  const request = typeof input === 'object' && 'url' in input ? input : undefined
  const headers = new Headers(init.headers ?? request?.headers)
  const followed = (init.redirect ?? request?.redirect ?? 'follow') === 'follow'
  if (!followed || !('baggage' in call.headers)) return fetch(input, { ...init, headers: merged(headers, call.headers) })
  if (!canFollow(request, init)) return fetch(input, { ...init, headers: merged(headers, call.headersAt(undefined)) })
  return fetchFollowing({ fetch, input, init, headers, headersAt: (url, given) => merged(given, call.headersAt(url)) })
}

/** Ours replace what was there, but baggage of the caller's own is kept. */
function merged(given: Headers, ours: Readonly<Record<string, string>>): Headers {
  const headers = new Headers(given)
  for (const [name, value] of Object.entries(ours)) {
    if (name === 'baggage') headers.append(name, value)
    else headers.set(name, value)
  }
  return headers
}

function nameOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : undefined
}
