import type { BreakerPosition } from '../breaker/breaker.js'
import type { CallTarget } from '../call.js'
import type { Groundtrack } from '../groundtrack.js'
import { reasonOf } from '../reason.js'

/** What is used of a breaker of cockatiel 3: what its `circuitBreaker()` makes. */
export interface CockatielBreaker {
  readonly state: number
  onStateChange: (listener: (state: number) => void) => Disposable
  onSuccess: (listener: () => void) => Disposable
  onFailure: (listener: (event: { handled: boolean; reason: CockatielReason }) => void) => Disposable
}

interface Disposable {
  dispose: () => void
}

type CockatielReason = { error: unknown } | { value: unknown }

export interface CockatielOptions {
  /** What the breaker was given as `halfOpenAfter`, where that is a number of milliseconds: tells when it will be tried again. */
  halfOpenAfterMs?: number
}

/** By cockatiel's CircuitState; a breaker that is held open by hand is open. */
const POSITIONS: readonly BreakerPosition[] = ['closed', 'open', 'half_open', 'open']
const HELD = 3

/**
 * Reports the turns of a breaker of cockatiel, each in the session whose call caused it. `target`: what the breaker guards. Returns how to
 * end it.
 */
export function reportCockatiel(
  gt: Pick<Groundtrack, 'breakerTurned'>,
  breaker: CockatielBreaker,
  target: CallTarget,
  { halfOpenAfterMs }: CockatielOptions = {},
): () => void {
  let failures = 0
  let reason = ''
  let position = positionOf(breaker.state)
  let isHeld = breaker.state === HELD
  // A failure is told before the turn that it causes.
  const listening = [
    breaker.onSuccess(() => (failures = 0)),
    breaker.onFailure(({ handled, reason: why }) => {
      if (!handled) return
      failures++
      reason = 'error' in why ? reasonOf(why.error) : `returned ${reasonOf(why.value)}`
    }),
    breaker.onStateChange((state) => {
      const from = position
      position = positionOf(state)
      if (from === position) return
      const retest = position === 'open' && state !== HELD && halfOpenAfterMs !== undefined ? { retestInMs: halfOpenAfterMs } : {}
      const why = state === HELD ? 'held open by hand' : isHeld ? 'let go by hand' : reasonOfTurn(position, reason)
      isHeld = state === HELD
      gt.breakerTurned(target, { from, to: position, failures, reason: why, ...retest })
    }),
  ]
  return () => {
    for (const one of listening) one.dispose()
  }
}

function reasonOfTurn(to: BreakerPosition, failure: string): string {
  if (to === 'open') return failure
  return to === 'half_open' ? 'retest' : 'the retest succeeded'
}

function positionOf(state: number): BreakerPosition {
  return POSITIONS[state] ?? 'closed'
}
