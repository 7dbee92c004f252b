import type { NodeState } from '@groundtrack/collector/api'
import { readText, withoutAbsent, type RawSearch } from './search-state'

/** What stands behind `?` in links to /nodes. */
export interface BoardSearch {
  /** Words that a service's or node's name, version, address, host or id holds. */
  q?: string
  env?: string
  /** Only nodes in this state. */
  state?: NodeState
  /** Breaker that is opened beside the board. */
  b?: string
  /** "{caller service}>{callee service}": the breakers between these alone. */
  pair?: string
  /** What a narrow screen shows; nodes where absent. */
  view?: 'breakers'
  /** '1': with what is long gone. */
  gone?: '1'
  /** '0': holds still. */
  live?: '0'
}

/** What stands behind `?` in links to a node or a breaker: the time that is looked at. */
export interface HistorySearch {
  from?: string
  to?: string
}

/** What stands behind `?` in links to /map. */
export interface MapSearch extends HistorySearch {
  env?: string
  /** End of the moment that is shown, or `now`; absent: the whole time. */
  at?: string
  /** A service, or "{caller}>{callee}": what is told about beside the map. */
  show?: string
  live?: '0'
}

/** What changes in a link; undefined takes a part away. */
export type BoardChange = { [K in keyof BoardSearch]?: BoardSearch[K] | undefined }
export type MapChange = { [K in keyof MapSearch]?: MapSearch[K] | undefined }

export const NODE_STATES = ['up', 'restarting', 'stale', 'gone', 'unknown'] as const satisfies readonly NodeState[]

export function readBoardSearch(raw: RawSearch): BoardSearch {
  const state = NODE_STATES.find((each) => each === raw['state'])
  const breaker = readText(raw['b'])
  return withoutAbsent({
    q: readText(raw['q']),
    env: readText(raw['env']),
    state,
    b: breaker !== undefined && isBreakerId(breaker) ? breaker : undefined,
    pair: readPair(readText(raw['pair'])) && readText(raw['pair']),
    view: raw['view'] === 'breakers' ? 'breakers' : undefined,
    gone: raw['gone'] === '1' ? '1' : undefined,
    live: raw['live'] === '0' ? '0' : undefined,
  })
}

export function readHistorySearch(raw: RawSearch): HistorySearch {
  return withoutAbsent({ from: readText(raw['from']), to: readText(raw['to']) })
}

export function readMapSearch(raw: RawSearch): MapSearch {
  const at = readText(raw['at'])
  return withoutAbsent({
    ...readHistorySearch(raw),
    env: readText(raw['env']),
    at: at === 'now' || (at !== undefined && !Number.isNaN(Date.parse(at))) ? at : undefined,
    show: readText(raw['show']),
    live: raw['live'] === '0' ? '0' : undefined,
  })
}

/** "checkout>payments" → { caller, callee }; undefined where it names no two ends. */
export function readPair(pair: string | undefined): { caller: string; callee: string } | undefined {
  const at = pair?.indexOf('>') ?? -1
  if (pair === undefined || at < 1 || at === pair.length - 1) return undefined
  return { caller: pair.slice(0, at), callee: pair.slice(at + 1) }
}

export function pairName(caller: string, callee: string): string {
  return `${caller}>${callee}`
}

function isBreakerId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text)
}
