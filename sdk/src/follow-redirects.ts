import type { Fetch } from './fetch-in-session.js'
import { harmless } from './harmless.js'

export interface Following {
  fetch: Fetch
  input: string | URL | Request
  init: RequestInit
  /** The caller's own headers. */
  headers: Headers
  /** Adds ours to them, as far as this place may get them. */
  headersAt: (url: string, headers: Headers) => Headers
}

const MAX_REDIRECTS = 20
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]
/** As the Fetch standard says, and `host` and `proxy-authorization` as Node does. */
const HEADERS_OF_ORIGIN = ['authorization', 'proxy-authorization', 'cookie', 'host']
const HEADERS_OF_BODY = ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']

/** Whether redirects of this request can be followed from outside: not when its body can be read only once, or a checksum would be held against the redirect itself. */
export function canFollow(request: Request | undefined, init: RequestInit | undefined): boolean {
  const ownBody = (init?.body ?? undefined) === undefined && (request?.body ?? undefined) !== undefined
  return !ownBody && (init?.integrity ?? request?.integrity ?? '') === ''
}

/** `fetch` with redirects followed as it does itself, but with the headers chosen anew for each place. Rejects as `fetch` does. */
export async function fetchFollowing({ fetch, input, init, headers, headersAt }: Following): Promise<Response> {
  const request = typeof input === 'object' && 'url' in input ? input : undefined
  let url = typeof input === 'string' ? input : 'url' in input ? input.url : input.href
  let { method = request?.method ?? 'GET', body } = init
  let response = await fetch(input, { ...init, headers: headersAt(url, headers), redirect: 'manual' })
  let crossed = false
  for (let redirects = 0; ; redirects++) {
    const location = REDIRECTS.includes(response.status) ? response.headers.get('location') : null
    if (location === null) return redirects === 0 ? response : redirected(response, crossed ? 'cors' : response.type)
    // Nobody waits for it, and that it can't be cancelled any more is no harm.
    void harmless(() => response.body?.cancel(), undefined)?.catch(() => {})
    const next = nextUrl(location, response.url || url, redirects)
    if (isStream(body) && response.status !== 303) throw failed(new Error())
    if (changesToGet(response.status, method)) {
      method = 'GET'
      body = null
      for (const name of HEADERS_OF_BODY) headers.delete(name)
    }
    if (next.origin !== new URL(url).origin) {
      crossed = true
      for (const name of HEADERS_OF_ORIGIN) headers.delete(name)
    }
    url = next.href
    const sent = { ...settingsOf(request), ...init, method, body: body ?? null, headers: headersAt(url, headers) }
    response = await fetch(url, { ...sent, redirect: 'manual' })
  }
}

function nextUrl(location: string, base: string, redirects: number): URL {
  const next = parse(location, base)
  if (!/^https?:$/.test(next.protocol)) throw failed(new Error('URL scheme must be a HTTP(S) scheme'))
  if (redirects === MAX_REDIRECTS) throw failed(new Error('redirect count exceeded'))
  if (next.username + next.password !== '') throw failed(new Error('cross origin not allowed for request mode "cors"'))
  return next
}

/** Bytes beyond ASCII in a header are read as Latin-1, but meant as UTF-8. */
function parse(location: string, base: string): URL {
  try {
    return new URL(new TextDecoder().decode(Uint8Array.from(location, (sign) => sign.charCodeAt(0))), base)
  } catch (error) {
    throw failed(error)
  }
}

function changesToGet(status: number, method: string): boolean {
  const name = method.toUpperCase()
  return ((status === 301 || status === 302) && name === 'POST') || (status === 303 && name !== 'GET' && name !== 'HEAD')
}

function isStream(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}

function settingsOf(request: Request | undefined): RequestInit {
  if (request === undefined) return {}
  const { cache, credentials, mode, referrer, referrerPolicy, keepalive } = request
  const settings = { cache, credentials, mode, referrer, referrerPolicy, keepalive }
  return settings
}

function redirected(response: Response, type: Response['type']): Response {
  const original = response.clone.bind(response)
  const clone = (): Response => redirected(original(), type)
  return Object.defineProperties(response, { redirected: { value: true }, type: { value: type }, clone: { value: clone } })
}

function failed(cause: unknown): TypeError {
  return new TypeError('fetch failed', { cause })
}
