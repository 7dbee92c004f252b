import type { Groundtrack } from '@groundtrack/sdk'
import { tracedFetch } from '@groundtrack/sdk/fetch'

/** Another service answered with an error, or not at all. */
export class AskError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface Question {
  method?: 'GET' | 'POST' | 'DELETE'
  body?: unknown
  headers?: Record<string, string>
}

export type Ask = <Answer>(url: string, question?: Question) => Promise<Answer>

/** Asks other services in JSON; the call belongs to the session under way and ends with its deadline. */
export function createAsk(gt: Groundtrack): Ask {
  const fetch = tracedFetch(gt)
  return (url, question) => askWith(fetch, url, question)
}

/** Throws AskError: with the other's own message, or 504 for a spent deadline and 502 for a connection that failed. */
export async function askWith<Answer>(
  fetch: (url: string, init: RequestInit) => Promise<Response>,
  url: string,
  question: Question = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: question.method ?? (question.body === undefined ? 'GET' : 'POST'),
    headers: { ...(question.body === undefined ? {} : { 'content-type': 'application/json' }), ...question.headers },
    ...(question.body === undefined ? {} : { body: JSON.stringify(question.body) }),
  }).catch((error: unknown) => {
    throw describeFailure(url, error)
  })
  const answer = (await response.json()) as Answer & { error?: string }
  if (!response.ok) throw new AskError(response.status, answer.error ?? `answered ${response.status}`)
  return answer
}

function describeFailure(url: string, error: unknown): AskError {
  const { name, message, cause } = error as Error & { cause?: { code?: string } }
  if (name === 'TimeoutError' || name === 'AbortError') return new AskError(504, `no answer from ${new URL(url).host} before the deadline`)
  return new AskError(502, `${cause?.code ?? message} ${new URL(url).host}`)
}
