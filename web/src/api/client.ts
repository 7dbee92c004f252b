import type { ErrorBody } from '@groundtrack/collector/api'
import { QueryClient } from '@tanstack/react-query'
import { takeAhead } from './ask-ahead'

export type Parameters = Record<string, string | number | undefined>

/** What the collector answered instead of data. `status` 0: it did not answer at all. */
export class ApiFailure extends Error {
  readonly code: string
  readonly status: number
  readonly retryable: boolean
  /** Position in the search expression where it stopped making sense. */
  readonly at: number | undefined
  readonly requestId: string | undefined

  constructor(status: number, body: Partial<ErrorBody['error']> & { message: string }) {
    super(body.message)
    this.code = body.code ?? 'unknown'
    this.status = status
    this.retryable = body.retryable ?? status >= 500
    this.at = body.at
    this.requestId = body.requestId
  }
}

/** The search expression cannot be read; the search bar says where. */
export function isSyntaxFault(error: Error | null): boolean {
  return error instanceof ApiFailure && error.status === 400
}

/** GETs JSON from the collector; absent parameters are left out. Throws ApiFailure. */
export async function getJson<T>(path: string, parameters: Parameters, signal?: AbortSignal): Promise<T> {
  const url = withParameters(path, parameters)
  const ahead = await takeAhead(url)?.catch(() => undefined)
  return readJson<T>(ahead ?? (await ask(url, { ...(signal && { signal }) })))
}

/** Asks the collector to change something. Throws ApiFailure. */
export async function sendJson<T>(method: 'PUT' | 'DELETE', path: string): Promise<T> {
  return readJson<T>(await ask(path, { method }))
}

async function readJson<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok && body !== undefined) return body as T // the contract: collector/src/api.ts
  throw new ApiFailure(
    response.status,
    errorOf(body) ?? { message: `The collector answered ${response.status} and nothing that can be read.` },
  )
}

async function ask(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { headers: { accept: 'application/json' }, ...request })
  } catch (cause) {
    if (request.signal?.aborted) throw cause
    throw new ApiFailure(0, { code: 'unreachable', message: 'The collector does not answer. Is it running?', retryable: true })
  }
}

export function withParameters(path: string, parameters: Parameters): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined && value !== '') search.set(name, String(value))
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

function errorOf(body: unknown): ErrorBody['error'] | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined
  const { error } = body
  return typeof error === 'object' && error !== null && 'message' in error ? (error as ErrorBody['error']) : undefined
}

/** One cache for all pages. What loaded stays; each page says itself when it looks again. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && error instanceof ApiFailure && error.retryable,
        retryDelay: (failures) => 400 * 2 ** failures,
      },
    },
  })
}
