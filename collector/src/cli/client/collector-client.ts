import type { ErrorBody } from '../../api.js'
import { CommandError } from './command-error.js'

export interface CollectorAddress {
  /** Without a slash at its end. */
  url: string
  token: string | undefined
}

export interface Ask {
  accept?: string
  headers?: Readonly<Record<string, string>>
  signal?: AbortSignal
}

/** Asks the collector. Throws CommandError, worded for a person, where it can't be reached or refuses. */
export async function ask(
  address: CollectorAddress,
  path: string,
  { accept = 'application/json', headers, signal }: Ask = {},
): Promise<Response> {
  const authorization = address.token === undefined ? {} : { authorization: `Bearer ${address.token}` }
  let response: Response
  try {
    response = await fetch(address.url + path, {
      headers: { accept, ...authorization, ...headers },
      redirect: 'error',
      ...(signal && { signal }),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new CommandError(
      `the collector is not reachable at ${address.url}: is it running? Start it with: npx groundtrack (${reasonOf(error)})`,
      {
        isAway: true,
      },
    )
  }
  if (response.ok) return response
  throw await describeRefusal(response, address)
}

export async function askJson<Answer>(address: CollectorAddress, path: string): Promise<Answer> {
  const response = await ask(address, path)
  try {
    return (await response.json()) as Answer
  } catch {
    throw new CommandError(`what answers at ${address.url} is no Groundtrack collector.`)
  }
}

async function describeRefusal(response: Response, { url }: CollectorAddress): Promise<CommandError> {
  const body = (await response.json().catch(() => null)) as Partial<ErrorBody> | null
  const { error } = body ?? {}
  if (!error) return new CommandError(`what answers at ${url} is no Groundtrack collector: HTTP ${response.status}.`)
  return new CommandError(error.message, { code: error.code, isAway: error.retryable, ...(error.at !== undefined && { at: error.at }) })
}

/** undici says "fetch failed" and names the reason in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message
  return cause instanceof Error ? cause.message : String(cause)
}
