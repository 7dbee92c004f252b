import type { SessionList, SessionSummary } from '@groundtrack/collector/api'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Period } from '../lib/time-range'
import { getJson } from './client'

export type SessionSort = 'start' | 'duration' | 'errors'

export interface SessionSearch {
  q: string
  period: Period
  sort: SessionSort
}

const PAGE = 100

/** Sessions that match, page by page as the reader scrolls. */
export function useSessions({ q, period, sort }: SessionSearch) {
  return useInfiniteQuery({
    queryKey: ['sessions', q, period, sort],
    queryFn: ({ pageParam, signal }) =>
      getJson<SessionList>('/api/v1/sessions', { q, ...period, sort, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  })
}

/** Looks every few seconds for sessions that started after `since`; also brings running ones up to date. */
export function useArrivals({ q, since, enabled }: { q: string; since: string; enabled: boolean }) {
  return useQuery({
    queryKey: ['arrivals', q, since],
    queryFn: ({ signal }) => getJson<SessionList>('/api/v1/sessions', { q, from: since, sort: 'start', limit: PAGE }, signal),
    enabled,
    refetchInterval: 3_000,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })
}

/** Whether any session was ever received. While there is none it keeps asking. */
export function useAnySession(enabled: boolean) {
  return useQuery({
    queryKey: ['any-session'],
    queryFn: async ({ signal }): Promise<SessionSummary | null> => {
      const list = await getJson<SessionList>('/api/v1/sessions', { from: '2000-01-01T00:00:00Z', limit: 1 }, signal)
      return list.items[0] ?? null
    },
    enabled,
    staleTime: 0,
    refetchInterval: (query) => (query.state.data === null ? 1_500 : false),
  })
}
