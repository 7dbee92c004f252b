import type { MapEdge } from '@groundtrack/collector/api'
import { pairName } from './board-search'
import { compareNames } from './board-groups'
import { BREAKER_NAMES, BREAKER_STATES, worstOf } from './breaker-words'
import { countOf, formatDuration } from './format'
import { formatRate, formatShare } from './node-words'

/** Calls by caller, then callee: an order that no figure changes. */
export function sortEdges(edges: readonly MapEdge[]): MapEdge[] {
  return edges.toSorted((a, b) => compareNames(a.from, b.from) || compareNames(a.to, b.to))
}

export function edgeKey({ from, to }: Pick<MapEdge, 'from' | 'to'>): string {
  return pairName(from, to)
}

/** The worst state of the breakers on the way; undefined where there are none. Those of callers that are gone count only where no others are. */
export function worstBreaker({ breakers }: MapEdge): keyof MapEdge['breakers'] | undefined {
  const states = BREAKER_STATES.filter((state) => breakers[state] > 0)
  return worstOf(states.some((state) => state !== 'unknown') ? states.filter((state) => state !== 'unknown') : states)
}

/** "checkout to payments: 12 calls a second, 6.1 % failed, p95 120 ms, 1 breaker open" */
export function describeEdge(edge: MapEdge): string {
  const p95 = edge.p95Ms === null ? [] : [`p95 ${formatDuration(edge.p95Ms)}`]
  const breakers = BREAKER_STATES.filter((state) => state !== 'closed' && edge.breakers[state] > 0).map(
    (state) => `${countOf(edge.breakers[state], 'breaker')} ${BREAKER_NAMES[state]}`,
  )
  const calls = edge.calls === 0 ? ['no calls'] : [`${formatRate(edge.callsPerSecond)} calls a second`, `${formatShare(edge.errorShare)} failed`, ...p95] // prettier-ignore
  return `${edge.from} to ${edge.to}: ${[...calls, ...breakers].join(', ')}`
}

/** What a call ended with, where it did not end well: "3 errors, 1 at its deadline, 14 not sent". */
export function faultWords({ errors, timeouts, cuts }: MapEdge): string {
  const parts = [
    errors > 0 ? countOf(errors, 'error') : '',
    timeouts > 0 ? `${countOf(timeouts, 'timeout')}` : '',
    cuts > 0 ? `${countOf(cuts, 'call')} not sent for an open breaker` : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}

export const EDGE_TONES = ['none', 'ok', 'faulty', 'cut'] as const

/** `cut`: an open breaker keeps calls back; `faulty`: some failed; `none`: no calls. */
export function toneOf(edge: MapEdge | undefined): (typeof EDGE_TONES)[number] {
  if (edge === undefined) return 'none'
  if (worstBreaker(edge) === 'open') return 'cut'
  if (edge.calls === 0) return 'none'
  return edge.errorShare > 0 ? 'faulty' : 'ok'
}

/** Width of a line in pixels: tenfold calls make it 1.3 pixels wider. */
export function edgeWidth(callsPerSecond: number): number {
  return Math.min(6, 1.5 + 1.3 * Math.log10(1 + callsPerSecond * 10))
}
