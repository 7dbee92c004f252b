import { fetchInSession, type Fetch } from '../fetch-in-session.js'
import type { Groundtrack } from '../groundtrack.js'

/** A `fetch` that sends every request as a call of the current session; outside of one it is `fetch` itself. */
export function tracedFetch(gt: Pick<Groundtrack, 'current'>, fetch: Fetch = globalThis.fetch): Fetch {
  return (input, init) => {
    const session = gt.current()
    return session === undefined ? fetch(input, init) : fetchInSession(session, fetch, input, init)
  }
}
