import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { readTimeRange, resolvePeriod, type Period, type TimeRange } from './time-range'

/** The time a page searches. "Last hour" counts from when it was first looked at, and stays there until `lookAgain`. */
export function usePeriod(from: string | undefined, to: string | undefined): { range: TimeRange; period: Period; lookAgain: () => void } {
  const client = useQueryClient()
  const queryKey = useMemo(() => ['looked-at', from, to], [from, to])
  const { data: lookedAt } = useQuery({ queryKey, queryFn: () => Date.now(), initialData: () => Date.now(), staleTime: Infinity })
  return useMemo(() => {
    const range = readTimeRange(from, to)
    return { range, period: resolvePeriod(range, lookedAt), lookAgain: () => void client.setQueryData(queryKey, Date.now()) }
  }, [from, to, lookedAt, client, queryKey])
}
