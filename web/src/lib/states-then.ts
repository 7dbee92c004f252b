import type { BoardNode, BreakerState, NodeState, ServiceMap } from '@groundtrack/collector/api'
import { pairName } from './board-search'
import { calleeService, type ListedBreaker } from './breaker-matrix'
import { worstOf } from './breaker-words'
import { countStates, readLastHour } from './node-words'

export interface Moment {
  fromMs: number
  toMs: number
}

const MINUTE_MS = 60_000
/** So far back reach the lanes of breakers and the strips of nodes. */
const REACH_MS = 60 * MINUTE_MS

/** Whether states of now can stand for this moment: the map's calls are counted by the minute. */
export function isNow({ toMs }: Moment, nowMs: number): boolean {
  return toMs > nowMs - MINUTE_MS
}

/** Whether the states of this moment can still be told. */
export function isWithinReach({ toMs }: Moment, nowMs: number): boolean {
  return toMs > nowMs - REACH_MS
}

/** The map with the states that nodes and breakers were in then, in place of those of now; without any where nobody can tell. */
export function withStatesThen(
  map: ServiceMap,
  moment: Moment,
  nowMs: number,
  nodes: readonly BoardNode[],
  breakers: readonly ListedBreaker[],
): ServiceMap {
  const isTold = isWithinReach(moment, nowMs)
  const counts = isTold ? countBreakers(breakers, moment) : new Map<string, Record<BreakerState, number>>()
  const states = isTold ? nodesThen(nodes, moment, nowMs) : new Map<string, { state: NodeState }[]>()
  return {
    ...map,
    services: map.services.map((service) => ({ ...service, nodes: countStates(states.get(service.id) ?? []) })),
    edges: map.edges
      .map((edge) => ({ ...edge, breakers: counts.get(pairName(edge.from, edge.to)) ?? noBreakers() }))
      .filter(({ calls, breakers: its }) => calls > 0 || Object.values(its).some((count) => count > 0)),
  }
}

/** The worst state in which a breaker was within the moment; undefined where it was not there yet. */
export function breakerThen({ lane, state, since }: ListedBreaker, { fromMs, toMs }: Moment): BreakerState | undefined {
  const overlapping = lane.filter((span) => Date.parse(span.from) < toMs && Date.parse(span.to) > fromMs)
  if (lane.length > 0) return worstOf(overlapping.map((span) => span.state))
  return Date.parse(since) <= toMs ? state : undefined
}

function countBreakers(breakers: readonly ListedBreaker[], moment: Moment): Map<string, Record<BreakerState, number>> {
  const counts = new Map<string, Record<BreakerState, number>>()
  for (const breaker of breakers) {
    const state = breakerThen(breaker, moment)
    if (state === undefined) continue
    const key = pairName(breaker.caller.service, calleeService(breaker).key)
    const own = counts.get(key) ?? noBreakers()
    own[state] += 1
    counts.set(key, own)
  }
  return counts
}

function nodesThen(nodes: readonly BoardNode[], { toMs }: Moment, nowMs: number): Map<string, { state: NodeState }[]> {
  const minutesAgo = Math.max(0, Math.floor((nowMs - toMs) / MINUTE_MS))
  const states = new Map<string, { state: NodeState }[]>()
  for (const { service, lastHour, firstSeen } of nodes) {
    if (Date.parse(firstSeen) > toMs) continue
    const state = readLastHour(lastHour).at(-1 - minutesAgo) ?? 'unknown'
    const own = states.get(service)
    if (own) own.push({ state })
    else states.set(service, [{ state }])
  }
  return states
}

function noBreakers(): Record<BreakerState, number> {
  return { closed: 0, open: 0, half_open: 0, unknown: 0 }
}
