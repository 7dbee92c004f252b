import type { BreakerPosition } from '../breaker/breaker.js'
import type { CallTarget } from '../call.js'
import type { Groundtrack } from '../groundtrack.js'
import { reasonOf } from '../reason.js'

/** What is used of a breaker of opossum. */
export interface OpossumBreaker {
  readonly opened: boolean
  readonly halfOpen: boolean
  on: On<'success', []> & On<'failure', [error: Error]> & On<'open', []> & On<'halfOpen', [resetTimeout: number]> & On<'close', []>
  off: (event: string, listener: (...args: unknown[]) => void) => unknown
}

type On<Event extends string, Args extends unknown[]> = (event: Event, listener: (...args: Args) => void) => unknown

export interface OpossumOptions {
  /** What the breaker was given as `resetTimeout`: tells when it will be tried again; 30,000 ms by default, as with opossum. */
  resetTimeoutMs?: number
}

const DEFAULT_RESET_MS = 30_000

/**
 * Reports the turns of a breaker of opossum. One to open or closed is told in the session whose call caused it, one to half open in that
 * which had opened it: opossum turns by a timer. `target`: what the breaker guards. Returns how to end it.
 */
export function reportOpossum(
  gt: Pick<Groundtrack, 'breakerTurned'>,
  breaker: OpossumBreaker,
  target: CallTarget,
  { resetTimeoutMs = DEFAULT_RESET_MS }: OpossumOptions = {},
): () => void {
  let failures = 0
  let reason = ''
  let position: BreakerPosition = breaker.opened ? 'open' : breaker.halfOpen ? 'half_open' : 'closed'
  const turnTo = (to: BreakerPosition, why: string): void => {
    const from = position
    position = to
    if (from === to) return
    gt.breakerTurned(target, {
      from,
      to,
      failures: to === 'closed' ? 0 : failures,
      reason: why,
      ...(to === 'open' ? { retestInMs: resetTimeoutMs } : {}),
    })
  }
  const success = (): void => void (failures = 0)
  // It is told right before the breaker opens; a timeout is told as a failure, too.
  const failure = (error: unknown): void => {
    failures++
    reason = reasonOf(error)
  }
  const open = (): void => turnTo('open', reason)
  const halfOpen = (): void => turnTo('half_open', 'retest')
  const close = (): void => turnTo('closed', 'the retest succeeded')
  breaker.on('success', success)
  breaker.on('failure', failure)
  breaker.on('open', open)
  breaker.on('halfOpen', halfOpen)
  breaker.on('close', close)
  return () => {
    for (const [event, listener] of Object.entries({ success, failure, open, halfOpen, close })) breaker.off(event, listener)
  }
}
