import type { BoardNode, BreakerSpan, BreakerState, MapEdge, ServiceMap } from '@groundtrack/collector/api'
import type { ListedBreaker } from './breaker-matrix'

export const NOON = Date.UTC(2026, 0, 15, 12)

/** ISO instant so many seconds before noon. */
export function before(seconds: number): string {
  return new Date(NOON - seconds * 1_000).toISOString()
}

/** "cart-2" of the service cart, up for an hour. */
export function aBoardNode(name: string, over: Partial<BoardNode> = {}): BoardNode {
  return {
    id: `${name}-id`,
    name,
    service: name.replace(/-\d+$/, ''),
    version: '1.4',
    environment: 'sandbox',
    address: `http://${name}:8080`,
    state: 'up',
    since: before(3_600),
    lastBeat: before(2),
    ttlSeconds: 30,
    firstSeen: before(3_600),
    restarts: 0,
    flaps: 0,
    sessionsPerSecond: 12,
    events: 300,
    errors: 0,
    openBreakers: 0,
    lastHour: 'u'.repeat(60),
    ...over,
  }
}

/** The breaker of one node for another, both named "{service}-{number}". */
export function aBreaker(caller: string, target: string, state: BreakerState, over: Partial<ListedBreaker> = {}): ListedBreaker {
  const { id, service, environment } = aBoardNode(caller)
  return {
    id: `${caller}>${target}`,
    caller: { id, service, environment, name: caller },
    target: { id: `${target}-id`, service: target.replace(/-\d+$/, ''), name: target },
    state,
    since: before(92),
    failures: 0,
    reason: '',
    lane: [],
    ...over,
  }
}

/** A state from so many seconds before noon to so many. */
export function aSpan(from: number, to: number, state: BreakerState): BreakerSpan {
  return { from: before(from), to: before(to), state }
}

export function anEdge(from: string, to: string, over: Partial<MapEdge> = {}): MapEdge {
  const breakers = { closed: 0, open: 0, half_open: 0, unknown: 0 }
  return {
    from,
    to,
    calls: 600,
    callsPerSecond: 10,
    errors: 0,
    timeouts: 0,
    cuts: 0,
    errorShare: 0,
    p50Ms: 8,
    p95Ms: 41,
    ...over,
    breakers: { ...breakers, ...over.breakers },
  }
}

/** The map of these calls; every service known, with one node up. */
export function aMap(...edges: MapEdge[]): ServiceMap {
  const names = [...new Set(edges.flatMap(({ from, to }) => [from, to]))]
  const nodes = { up: 1, stale: 0, gone: 0, restarting: 0, unknown: 0 }
  return {
    asOf: before(0),
    from: before(3_600),
    to: before(0),
    services: names.map((id) => ({ id, known: true, nodes, callsPerSecond: 10, errorShare: 0 })),
    edges,
  }
}
