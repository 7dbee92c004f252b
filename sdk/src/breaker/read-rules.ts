import type { BreakerRules } from './breaker.js'

export interface BreakerOptions {
  /** So many failures in a row cut a node off; 3 by default. */
  failures?: number
  /** How long it stays cut off after its last failure, in milliseconds, before one call is let through as a retest; 30,000 by default. */
  openMs?: number
  /** In place of failures in a row: the share of failed calls, above 0 and at most 1, that cuts a node off … */
  errorRate?: number
  /** … of those that ended in this many milliseconds, 10,000 by default … */
  windowMs?: number
  /** … once there are this many of them, 10 by default. */
  minCalls?: number
}

const MAX_MS = 2 ** 31 - 1

/** undefined for `false`: no breakers. Throws an Error that names what is wrong. */
export function readBreakerRules(options: BreakerOptions | false = {}): BreakerRules | undefined {
  if (options === false) return undefined
  const { failures = 3, openMs = 30_000, errorRate, windowMs = 10_000, minCalls = 10 } = options
  requireWhole('failures', failures, 1, 1_000_000)
  requireWhole('openMs', openMs, 1, MAX_MS)
  if (errorRate === undefined) return { failures, openMs }
  if (!(errorRate > 0 && errorRate <= 1)) throw new Error('groundtrack: breaker.errorRate must be above 0 and at most 1.')
  requireWhole('windowMs', windowMs, 100, MAX_MS)
  requireWhole('minCalls', minCalls, 1, 1_000_000)
  return { failures, openMs, errorRate: { share: errorRate, minCalls, windowMs } }
}

function requireWhole(name: string, value: number, least: number, greatest: number): void {
  if (!Number.isInteger(value) || value < least || value > greatest)
    throw new Error(`groundtrack: breaker.${name} must be a whole number from ${least} to ${greatest}.`)
}
