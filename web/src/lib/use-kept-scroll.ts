import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'

/** Where a list was scrolled to, kept while its data is: going back finds the list as it was left. */
export function useKeptScroll(key: string): { initialOffset: number; keep: (offset: number) => void } {
  const client = useQueryClient()
  const keep = useCallback((offset: number) => void client.setQueryData(['scroll', key], offset), [client, key])
  return { initialOffset: client.getQueryData<number>(['scroll', key]) ?? 0, keep }
}
