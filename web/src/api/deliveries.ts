import type { Deliveries } from '@groundtrack/collector/api'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getJson } from './client'

/** What became of every event that was logged, per service. Looked at again every ten seconds. */
export function useDeliveries() {
  return useQuery({
    queryKey: ['deliveries'],
    queryFn: ({ signal }) => getJson<Deliveries>('/api/v1/deliveries', {}, signal),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
}
