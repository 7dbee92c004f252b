import type { BreakerView } from '@groundtrack/collector/api'
import { BREAKER_STATES } from './breaker-words'

/** Breakers of one process that stand alike and whose targets bear one name: a process that was replaced leaves its breaker behind. */
export interface BreakerGroup {
  /** The one that turned last. */
  newest: BreakerView
  count: number
}

/** Those that are not closed; worst first, those to processes of this session before others, then the one that turned last. */
export function groupBreakers(breakers: readonly BreakerView[], nodes: ReadonlySet<string>): BreakerGroup[] {
  const groups = new Map<string, BreakerGroup>()
  for (const breaker of breakers) {
    if (breaker.state === 'closed') continue
    const key = `${breaker.state} ${breaker.target.name}`
    const group = groups.get(key)
    const isNewer = group === undefined || breaker.since > group.newest.since
    groups.set(key, { newest: isNewer ? breaker : group.newest, count: (group?.count ?? 0) + 1 })
  }
  const isHere = ({ newest }: BreakerGroup) => newest.target.id !== undefined && nodes.has(newest.target.id)
  const rank = ({ newest }: BreakerGroup) => BREAKER_STATES.indexOf(newest.state)
  return [...groups.values()].toSorted(
    (a, b) => rank(a) - rank(b) || Number(isHere(b)) - Number(isHere(a)) || (a.newest.since < b.newest.since ? 1 : -1),
  )
}
