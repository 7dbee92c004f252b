import type { Histogram } from '@groundtrack/collector/api'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Period } from '../lib/time-range'
import { getJson } from './client'

export interface HistogramSearch {
  q: string
  period: Period
  buckets: number
  by: 'level' | 'service'
}

/** Events over time. */
export function useHistogram({ q, period, buckets, by }: HistogramSearch) {
  return useQuery({
    queryKey: ['histogram', q, period, buckets, by],
    queryFn: ({ signal }) => getJson<Histogram>('/api/v1/events/histogram', { q, ...period, buckets, by }, signal),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  })
}
