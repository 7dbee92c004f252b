import type { Groundtrack } from '@groundtrack/sdk'
import { tracedFetch } from '@groundtrack/sdk/fetch'
import { exchange, readAnswer, type Question } from './exchange.js'

export type Ask = <Answer>(url: string, question?: Question) => Promise<Answer>

/** Asks at a fixed address; the call belongs to the session under way and ends with its deadline. */
export function createAsk(gt: Groundtrack): Ask {
  const fetch = tracedFetch(gt)
  return async (url, question) => readAnswer(await exchange(fetch, url, question))
}
