import type { EventView, Page } from '@groundtrack/collector/api'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Period } from '../lib/time-range'
import { getJson } from './client'

const PAGE = 200

/** Events over all sessions that match, newest first, page by page as the reader scrolls. */
export function useEvents({ q, period }: { q: string; period: Period }) {
  return useInfiniteQuery({
    queryKey: ['events', q, period],
    queryFn: ({ pageParam, signal }) =>
      getJson<Page<EventView>>('/api/v1/events', { q, ...period, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  })
}

/** The newest event that ever came, or null; asks again until there is one. */
export function useFirstEvent() {
  return useQuery({
    queryKey: ['first-event'],
    queryFn: async ({ signal }): Promise<EventView | null> => {
      const page = await getJson<Page<EventView>>('/api/v1/events', { from: '2000-01-01T00:00:00Z', limit: 1 }, signal)
      return page.items[0] ?? null
    },
    staleTime: 0,
    refetchInterval: (query) => (query.state.data ? false : 1_500),
  })
}
