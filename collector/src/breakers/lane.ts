import type { StoredBreaker, StoredTurn } from '@groundtrack/db'
import type { BreakerSpan, BreakerState } from '../api-registry.js'
import { formatMicros } from '../query/time.js'
import { stateOf } from './present-breaker.js'
import type { Silence } from './silences.js'

/** What a lane is drawn of; times are microseconds. */
export interface LaneParts {
  breaker: StoredBreaker
  /** Those between both ends, oldest first. */
  turns: readonly StoredTurn[]
  /** The last one before. */
  before?: StoredTurn | undefined
  silences: readonly Silence[]
  from: number
  to: number
}

interface Span {
  state: BreakerState
  from: number
  to: number
}

/** The states that a breaker was in, from where it was first seen. While its reporter was silent, nobody knew. */
export function layLane(parts: LaneParts): BreakerSpan[] {
  const { breaker, silences, to } = parts
  const spans = listSpans(parts)
  const begins = spans[0]?.from ?? to
  const isSilentNow = !breaker.isHeard && !silences.some((silence) => silence.to >= to)
  const unknown = [...silences, ...(isSilentNow ? [{ from: breaker.heardMicros, to }] : [])]
    .map((silence): Span => ({ state: 'unknown', from: Math.max(begins, silence.from), to: Math.min(to, silence.to) }))
    .filter((span) => span.to > span.from)
  return mergeSpans([...unknown.reduce(cutOut, spans), ...unknown]).map((span) => ({
    from: formatMicros(span.from),
    to: formatMicros(span.to),
    state: span.state,
  }))
}

/** Whether there is more to show of it than that it was closed all the time. */
export function isWorthALane({ breaker, turns, silences }: Pick<LaneParts, 'breaker' | 'turns' | 'silences'>): boolean {
  return turns.length > 0 || silences.length > 0 || !breaker.isHeard || stateOf(breaker.state) !== 'closed'
}

/** As its reporter told. */
function listSpans({ breaker, turns, before, from, to }: LaneParts): Span[] {
  const first = turns[0]
  const seen = Math.min(breaker.firstSeenMicros, before?.timeMicros ?? Infinity, first?.timeMicros ?? Infinity)
  const changes: { at: number; state: BreakerState }[] = [
    { at: Math.max(from, seen), state: stateOf(before?.toState ?? first?.fromState ?? breaker.state) },
    ...turns.map((turn) => ({ at: turn.timeMicros, state: stateOf(turn.toState) })),
  ]
  const spans = changes.map(({ at, state }, i) => ({ state, from: at, to: Math.min(changes[i + 1]?.at ?? to, to) }))
  return spans.filter((span) => span.to > span.from)
}

function cutOut(spans: readonly Span[], hole: Span): Span[] {
  return spans.flatMap((span) => [
    ...(span.from < hole.from ? [{ ...span, to: Math.min(span.to, hole.from) }] : []),
    ...(span.to > hole.to ? [{ ...span, from: Math.max(span.from, hole.to) }] : []),
  ])
}

/** In order, those of one state that touch or overlap as one. */
function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const last = merged.at(-1)
    if (last?.state === span.state && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else merged.push({ ...span })
  }
  return merged
}
