import type { BoardNode } from '@groundtrack/collector/api'
import type { ListedBreaker } from './breaker-matrix'

/** What is gone stays in sight for so long; then it only is counted, lest what runs drown in what ran. */
const IN_SIGHT_MS = 300_000

export function isLongGone({ state, since }: Pick<BoardNode, 'state' | 'since'>, asOf: string): boolean {
  return state === 'gone' && Date.parse(asOf) - Date.parse(since) > IN_SIGHT_MS
}

/** Its caller fell silent long ago: nobody will tell its state any more. */
export function isLongUnheard({ state, since }: Pick<ListedBreaker, 'state' | 'since'>, asOf: string): boolean {
  return state === 'unknown' && Date.parse(asOf) - Date.parse(since) > IN_SIGHT_MS
}
