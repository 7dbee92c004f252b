import type { FieldList } from '@groundtrack/collector/api'
import { useQuery } from '@tanstack/react-query'
import { getJson } from './client'

/** What can be searched for, with the commonest values of a sample. Asked when the search bar is first used. */
export function useFields(enabled: boolean) {
  return useQuery({
    queryKey: ['fields'],
    queryFn: ({ signal }) => getJson<FieldList>('/api/v1/fields', { from: '-24h' }, signal),
    enabled,
    staleTime: 60_000,
    retry: false,
  })
}
