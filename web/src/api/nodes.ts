import type { BoardNode, NodePage, NodesBoard, NodeSkewPage } from '@groundtrack/collector/api'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { askedTimes, type TimeRange } from '../lib/time-range'
import { getJson } from './client'

/** How often a page that is looked at asks anew, so that it shows within a second what happened; never while its tab is hidden, never two at once. */
export const LIVE_MS = 500
/** Bounds of clocks take many sessions, and change slowly. */
const SKEW_MS = 30_000
const PAGE = 1_000
/** Pages of the board that are fetched: beyond that it says how many there are. */
const MOST_PAGES = 10

export interface Board extends Omit<NodesBoard, 'next' | 'items'> {
  nodes: BoardNode[]
  /** Not all of them were fetched. */
  isCut: boolean
}

/** All nodes of an environment, or of all. */
export function useNodes(environment: string | undefined, live: boolean, enabled = true) {
  return useQuery({
    queryKey: ['nodes', environment],
    queryFn: ({ signal }) => fetchBoard(environment, signal),
    enabled,
    refetchInterval: live ? LIVE_MS : false,
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  })
}

async function fetchBoard(environment: string | undefined, signal: AbortSignal): Promise<Board> {
  const ask = (cursor?: string) => getJson<NodesBoard>('/api/v1/nodes', { environment, limit: PAGE, cursor }, signal)
  const { items, next, ...head } = await ask()
  const nodes = items
  let cursor = next
  for (let page = 1; cursor !== null && page < MOST_PAGES; page += 1) {
    const more = await ask(cursor)
    nodes.push(...more.items)
    cursor = more.next
  }
  return { ...head, nodes, isCut: cursor !== null }
}

/** One process: its services, what became of it, its breakers. */
export function useNode(id: string) {
  return useQuery({
    queryKey: ['node', id],
    queryFn: ({ signal }) => getJson<NodePage>(`/api/v1/nodes/${encodeURIComponent(id)}`, {}, signal),
    refetchInterval: LIVE_MS,
    staleTime: 0,
    retry: false,
  })
}

/** How far other clocks are ahead of this node's, from the calls of this time. */
export function useNodeSkew(id: string, range: TimeRange) {
  return useQuery({
    queryKey: ['node-skew', id, range],
    queryFn: ({ signal }) => getJson<NodeSkewPage>(`/api/v1/nodes/${encodeURIComponent(id)}/skew`, { ...askedTimes(range) }, signal),
    refetchInterval: range.kind === 'last' ? SKEW_MS : false,
    placeholderData: keepPreviousData,
  })
}
