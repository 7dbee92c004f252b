import type { StoredBreaker, StoredTurn } from '@groundtrack/db'
import type { BreakerSpan, BreakerState } from '../api-registry.js'
import { formatMicros } from '../query/time.js'
import { stateOf } from './present-breaker.js'

/**
 * The states that a breaker was in between two instants (microseconds). `turns`: those in between, oldest first. It begins where the
 * breaker was first seen; since its reporter fell silent, nobody knows.
 */
export function layLane(
  breaker: StoredBreaker,
  turns: readonly StoredTurn[],
  before: StoredTurn | undefined,
  from: number,
  to: number,
): BreakerSpan[] {
  const first = turns[0]
  const begins = Math.max(from, Math.min(breaker.firstSeenMicros, before?.timeMicros ?? Infinity, first?.timeMicros ?? Infinity))
  const changes: { at: number; state: BreakerState }[] = [
    { at: begins, state: stateOf(before?.toState ?? first?.fromState ?? breaker.state) },
    ...turns.map((turn) => ({ at: turn.timeMicros, state: stateOf(turn.toState) })),
  ]
  const known = breaker.isHeard ? to : Math.max(begins, Math.min(to, breaker.heardMicros))
  const spans: { state: BreakerState; from: number; to: number }[] = []
  for (const [i, { at, state }] of changes.entries()) {
    const end = Math.min(changes[i + 1]?.at ?? known, known)
    const last = spans.at(-1)
    if (last?.state === state) last.to = Math.max(last.to, end)
    else if (end > at) spans.push({ state, from: at, to: end })
  }
  if (known < to) spans.push({ state: 'unknown', from: known, to })
  return spans.map((span) => ({ from: formatMicros(span.from), to: formatMicros(span.to), state: span.state }))
}

/** Whether there is more to show of it than that it was closed all the time. */
export function isWorthALane(breaker: StoredBreaker, turns: readonly StoredTurn[]): boolean {
  return turns.length > 0 || !breaker.isHeard || stateOf(breaker.state) !== 'closed'
}
