import type { RelationView } from '@groundtrack/collector/api'
import { useQuery } from '@tanstack/react-query'
import { getJson } from './client'

/** How two lines ("{span}:{n}") stand to each other, and the chain that proves it. */
export function useRelation(id: string, a: string, b: string, version: string) {
  return useQuery({
    queryKey: ['relation', id, a, b, version],
    queryFn: ({ signal }) => getJson<RelationView>(`/api/v1/sessions/${id}/relation`, { a, b }, signal),
    staleTime: Infinity,
    retry: false,
  })
}
