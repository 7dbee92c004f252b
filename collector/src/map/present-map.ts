import type { EdgeSum, ServiceNodes, TargetBreakers } from '@groundtrack/db'
import type { BreakerState, MapEdge, MapService, NodeState } from '../api-registry.js'
import { stateOf } from '../breakers/present-breaker.js'
import { percentileOf } from './duration-buckets.js'

const NO_NODES: Readonly<Record<NodeState, number>> = { up: 0, stale: 0, gone: 0, restarting: 0, unknown: 0 }
const NO_BREAKERS: Readonly<Record<BreakerState, number>> = { closed: 0, open: 0, half_open: 0, unknown: 0 }

/** The edges of the map, the busiest first; one that only has breakers comes last. */
export function presentEdges(sums: readonly EdgeSum[], breakers: readonly TargetBreakers[], seconds: number): MapEdge[] {
  const edges = new Map<string, MapEdge>()
  for (const { caller, callee, calls, errors, timeouts, cuts, durations } of sums) {
    const counts = toCounts(durations)
    edges.set(`${caller}\n${callee}`, {
      from: caller,
      to: callee,
      calls,
      callsPerSecond: perSecond(calls, seconds),
      errors,
      timeouts,
      cuts,
      errorShare: shareOf(errors + timeouts + cuts, calls),
      p50Ms: percentileOf(counts, 0.5),
      p95Ms: percentileOf(counts, 0.95),
      breakers: { ...NO_BREAKERS },
    })
  }
  for (const { caller, target, state, isHeard, breakers: count } of breakers) {
    const key = `${caller}\n${target}`
    const edge = edges.get(key) ?? newEdge(caller, target)
    edges.set(key, edge)
    edge.breakers[isHeard ? stateOf(state) : 'unknown'] += count
  }
  return [...edges.values()]
}

/** Services that have nodes or stand at an edge, by name. */
export function presentServices(edges: readonly MapEdge[], known: readonly ServiceNodes[], seconds: number): MapService[] {
  const services = new Map<string, MapService & { calls: number; failed: number }>()
  const find = (id: string) => {
    const service = services.get(id) ?? { id, known: false, nodes: { ...NO_NODES }, callsPerSecond: 0, errorShare: 0, calls: 0, failed: 0 }
    services.set(id, service)
    return service
  }
  for (const { service, state, nodes } of known) {
    const own = find(service)
    own.known = true
    own.nodes[state] += nodes
  }
  for (const { from, to, calls, errors, timeouts, cuts } of edges) {
    find(from).known = true
    const callee = find(to)
    callee.calls += calls - cuts
    callee.failed += errors + timeouts
  }
  return [...services.values()]
    .map(({ calls, failed, ...service }) => ({ ...service, callsPerSecond: perSecond(calls, seconds), errorShare: shareOf(failed, calls) }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

function newEdge(from: string, to: string): MapEdge {
  const nothing = { calls: 0, callsPerSecond: 0, errors: 0, timeouts: 0, cuts: 0, errorShare: 0, p50Ms: null, p95Ms: null }
  return { from, to, ...nothing, breakers: { ...NO_BREAKERS } }
}

function toCounts(pairs: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (let i = 0; i + 1 < pairs.length; i += 2) counts.set(pairs[i] ?? 0, pairs[i + 1] ?? 0)
  return counts
}

function perSecond(count: number, seconds: number): number {
  return seconds > 0 ? Number((count / seconds).toPrecision(4)) : 0
}

/** 0 to 1; ends may be counted of calls of an earlier minute. */
function shareOf(failed: number, calls: number): number {
  return calls > 0 ? Math.min(1, Number((failed / calls).toPrecision(4))) : 0
}
