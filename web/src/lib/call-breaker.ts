import type { BreakerTransition, CallView, EventView } from '@groundtrack/collector/api'
import { eventNumber } from './event-link'
import type { Story } from './session-story'

/** How the breaker stood when a call was to be sent. */
export interface CallBreaker {
  /** `unknown`: its process reports no breakers. */
  state: 'closed' | 'half_open' | 'open' | 'unknown'
  /** /breakers/{id} */
  id: string | undefined
  /** What the call turned it to. */
  turned: BreakerTransition | undefined
}

/** A call that was cut short found it open. Turns are those that the same step reports after the call and before its next one. */
export function callBreaker(call: CallView, calls: Iterable<CallView>, turns: readonly BreakerTransition[]): CallBreaker {
  const state = call.status === 'cut' ? 'open' : (call.breaker ?? 'unknown')
  const id = call.breakerId
  const candidates = id === undefined ? [] : turns.filter((turn) => turn.id === id && turn.span === call.span && turn.n > call.n)
  if (candidates.length === 0) return { state, id, turned: undefined }
  let until = Infinity
  for (const other of calls) if (other.span === call.span && other.breakerId === id && other.n > call.n) until = Math.min(until, other.n)
  const before = candidates.filter(({ n }) => n < until)
  return { state, id, turned: before.toSorted((a, b) => a.n - b.n)[0] }
}

/** What the session's head says of a turn that an event tells. */
export function findTurn(row: EventView, { view }: Story): BreakerTransition | undefined {
  const n = eventNumber(row)
  return view.breakers.find((turn) => turn.span === row.span && turn.n === n)
}

/** "closed → open after this" */
export function callBreakerWords({ state, turned }: CallBreaker): string {
  if (state === 'unknown') return 'not known'
  const stood = state.replace('_', '-')
  return turned === undefined ? stood : `${stood} → ${turned.to.replace('_', '-')} after this`
}
