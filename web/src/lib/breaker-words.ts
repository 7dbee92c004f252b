import type { BreakerState, BreakerView } from '@groundtrack/collector/api'
import { formatAge } from './age'
import { countOf } from './format'

/** From the worst to the best; unknown stands before closed, since it may be anything. */
export const BREAKER_STATES = ['open', 'half_open', 'unknown', 'closed'] as const satisfies readonly BreakerState[]

export const BREAKER_NAMES: Readonly<Record<BreakerState, string>> = {
  open: 'open',
  half_open: 'half-open',
  unknown: 'unknown',
  closed: 'closed',
}

export const BREAKER_TIPS: Readonly<Record<BreakerState, string>> = {
  open: 'Too many calls failed: nothing is sent',
  half_open: 'One call is let through, to see whether it answers again',
  unknown: 'Its caller is gone, so that nobody can say how it stands',
  closed: 'Calls are sent as usual',
}

/** The worst of them; undefined of none. */
export function worstOf(states: Iterable<BreakerState>): BreakerState | undefined {
  const found = new Set(states)
  return BREAKER_STATES.find((state) => found.has(state))
}

/** "retest in 22 s"; undefined where none is due. */
export function retestWords({ state, retestAt }: Pick<BreakerView, 'state' | 'retestAt'>, nowMs: number): string | undefined {
  if (state !== 'open' || retestAt === undefined) return undefined
  const inMs = Date.parse(retestAt) - nowMs
  return inMs > 0 ? `retest in ${formatAge(inMs)}` : 'retest with the next call'
}

/** "checkout-1 to payments-2: open for 1 min 32 s, 3 failures, retest in 22 s" */
export function describeBreaker(breaker: BreakerView, nowMs: number): string {
  const age = formatAge(nowMs - Date.parse(breaker.since))
  const stands =
    breaker.state === 'unknown'
      ? `unknown, last heard of ${age} ago${breaker.lastState === undefined ? '' : ` as ${BREAKER_NAMES[breaker.lastState]}`}`
      : `${BREAKER_NAMES[breaker.state]} for ${age}`
  const failures = breaker.failures > 0 ? countOf(breaker.failures, 'failure') : undefined
  const rest = [failures, retestWords(breaker, nowMs)].filter((each) => each !== undefined)
  return [`${breaker.caller.name} to ${breaker.target.name}: ${stands}`, ...rest].join(', ')
}
