import { parseSessionId } from '../../query/session-id.js'
import type { Given } from '../command-table.js'
import { UsageError } from '../usage-error.js'
import type { CollectorAddress } from './collector-client.js'
import { openOutput, type Output } from './output.js'

const DEFAULT_URL = 'http://127.0.0.1:4318'
const USUAL_LIMIT = 100
const MAX_LIMIT = 100_000

/** Which collector to ask, and as whom. Throws UsageError. */
export function readAddress({ options, env }: Pick<Given, 'options' | 'env'>): CollectorAddress {
  const url = text(options['url']) ?? (env['GROUNDTRACK_URL'] || DEFAULT_URL)
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(
      `${text(options['url']) === undefined ? 'GROUNDTRACK_URL' : '--url'} must be an http or https address such as ${DEFAULT_URL}.`,
    )
  }
  const { origin, pathname } = new URL(url)
  return { url: origin + pathname.replace(/\/+$/, ''), token: text(options['token']) ?? (env['GROUNDTRACK_TOKEN'] || undefined) }
}

/** 32 hex digits of however a session was named. Throws UsageError. */
export function readSessionArgument(given: string | undefined): string {
  if (given === undefined) throw new UsageError('which session? Give its id: 32 hex digits, a UUID or a traceparent.')
  const id = parseSessionId(given)
  if (id === null) throw new UsageError(`${JSON.stringify(given)} is no session id: 32 hex digits, a UUID or a traceparent.`)
  return id
}

export function readText({ options }: Pick<Given, 'options'>, name: string): string | undefined {
  return text(options[name])
}

export function readLimit({ options }: Pick<Given, 'options'>): number {
  const given = text(options['limit'])
  if (given === undefined) return USUAL_LIMIT
  if (!/^\d{1,6}$/.test(given) || Number(given) < 1 || Number(given) > MAX_LIMIT)
    throw new UsageError(`--limit must be a number from 1 to ${MAX_LIMIT}.`)
  return Number(given)
}

/** `10m` is ten minutes ago. */
export function asStart(since: string): string {
  return /^\d+(?:\.\d+)?(?:ms|s|m|h|d|w)$/.test(since) ? `-${since}` : since
}

/** Runs a command that writes; it ends without a word when Ctrl-C or the reader ends it. */
export async function withOutput({ options, env }: Pick<Given, 'options' | 'env'>, run: (output: Output) => Promise<void>): Promise<void> {
  const output = openOutput(env, options['raw'] === true)
  try {
    await run(output)
  } catch (error) {
    if (!output.signal.aborted) throw error
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
