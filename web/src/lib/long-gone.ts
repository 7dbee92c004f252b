import type { BoardNode } from '@groundtrack/collector/api'
import type { ListedBreaker } from './breaker-matrix'

/** What is gone stays in sight for so long; then it only is counted, lest what runs drown in what ran. */
const IN_SIGHT_MS = 300_000

/** Without the nodes that are long gone. Of a service that is gone as a whole, those that went last stay: its outage must be seen. */
export function nodesInSight(nodes: readonly BoardNode[], asOf: string): readonly BoardNode[] {
  return without(
    nodes,
    asOf,
    ({ state }) => state === 'gone',
    ({ service, environment }) => `${service}\n${environment}`,
  )
}

/** Without the breakers of callers that fell silent long ago, where their service has other callers. */
export function breakersInSight(breakers: readonly ListedBreaker[], asOf: string): readonly ListedBreaker[] {
  return without(
    breakers,
    asOf,
    ({ state }) => state === 'unknown',
    ({ caller }) => `${caller.service}\n${caller.environment}`,
  )
}

/** Ages of what is over count from now where others of its group live on, else from the last that ended. */
function without<T extends { since: string }>(
  items: readonly T[],
  asOf: string,
  isOver: (item: T) => boolean,
  groupOf: (item: T) => string,
): readonly T[] {
  const latest = new Map<string, number>()
  for (const item of items) {
    const at = isOver(item) ? Date.parse(item.since) : Date.parse(asOf)
    latest.set(groupOf(item), Math.max(latest.get(groupOf(item)) ?? 0, at))
  }
  return items.filter((item) => !isOver(item) || (latest.get(groupOf(item)) ?? 0) - Date.parse(item.since) <= IN_SIGHT_MS)
}
