import type { BreakerBoard, BreakerHistory } from '@groundtrack/collector/api'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { ListedBreaker } from '../lib/breaker-matrix'
import { askedTimes, type TimeRange } from '../lib/time-range'
import { getJson } from './client'
import { LIVE_MS } from './nodes'

const PAGE = 1_000
const MOST_PAGES = 10
const TURNS = 100

export interface Breakers extends Omit<BreakerBoard, 'next' | 'items'> {
  breakers: ListedBreaker[]
  isCut: boolean
}

/** All breakers of an environment, or of all. */
export function useBreakers(environment: string | undefined, live: boolean, enabled = true) {
  return useQuery({
    queryKey: ['breakers', environment],
    queryFn: ({ signal }) => fetchBreakers(environment, signal),
    enabled,
    refetchInterval: live ? LIVE_MS : false,
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  })
}

async function fetchBreakers(environment: string | undefined, signal: AbortSignal): Promise<Breakers> {
  const ask = (cursor?: string) => getJson<BreakerBoard>('/api/v1/breakers', { environment, limit: PAGE, cursor }, signal)
  const { items, next, ...head } = await ask()
  const breakers = items
  let cursor = next
  for (let page = 1; cursor !== null && page < MOST_PAGES; page += 1) {
    const more = await ask(cursor)
    breakers.push(...more.items)
    cursor = more.next
  }
  return { ...head, breakers, isCut: cursor !== null }
}

/** The turns of a breaker, newest first, page by page. Looked at again twice a second where the time ends now. */
export function useBreakerHistory(id: string, range: TimeRange, live: boolean) {
  return useInfiniteQuery({
    queryKey: ['breaker', id, range],
    queryFn: ({ pageParam, signal }) =>
      getJson<BreakerHistory>(
        `/api/v1/breakers/${encodeURIComponent(id)}/history`,
        { ...askedTimes(range), limit: TURNS, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: live && range.kind === 'last' ? LIVE_MS : false,
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  })
}
