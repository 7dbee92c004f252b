import type { Page, ServiceView } from '@groundtrack/collector/api'
import { useQuery } from '@tanstack/react-query'
import { getJson } from './client'

/** Services that were ever seen, with their environments. */
export function useServices() {
  return useQuery({
    queryKey: ['services'],
    queryFn: ({ signal }) => getJson<Page<ServiceView>>('/api/v1/services', {}, signal),
    refetchInterval: 60_000,
  })
}
