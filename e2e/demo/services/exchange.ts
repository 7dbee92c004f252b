import { AskError } from './ask-error.js'

export interface Question {
  method?: 'GET' | 'POST' | 'DELETE'
  body?: unknown
  headers?: Record<string, string>
}

export interface Reply {
  /** Who answered. */
  address: string
  status: number
  headers: Headers
  body: unknown
}

export type SendRequest = (url: string, init: RequestInit) => Promise<Response>

/** Sends a question in JSON and reads the reply, whatever it says. Throws AskError: 504 for a spent deadline, 502 for a connection that failed. */
export async function exchange(send: SendRequest, url: string, { method, body, headers }: Question = {}): Promise<Reply> {
  const response = await send(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw describeFailure(new URL(url), error)
  })
  return { address: new URL(url).origin, status: response.status, headers: response.headers, body: await response.json() }
}

/** The answer in a reply. Throws AskError with the other's own message where it is an error. */
export function readAnswer<Answer>({ address, status, body }: Reply): Answer {
  if (status < 400) return body as Answer
  throw new AskError(status, (body as { error?: string }).error ?? `answered ${status}`, address)
}

function describeFailure({ host, origin }: URL, error: unknown): AskError {
  const { name, message, cause } = error as Error & { cause?: { code?: string } }
  if (name === 'TimeoutError' || name === 'AbortError') return new AskError(504, `no answer from ${host} before the deadline`, origin)
  return new AskError(502, `${cause?.code ?? message} ${host}`, origin)
}
