import type { CollectorHealth } from '@groundtrack/collector/api'
import { useQuery } from '@tanstack/react-query'
import { ApiFailure, getJson } from './client'

export interface HealthWords {
  tone: 'ok' | 'warn' | 'error' | 'unknown'
  words: string
  askAgain: () => void
}

/** How the collector is, in words. Asked every ten seconds. */
export function useHealth(): HealthWords {
  const { data, error, refetch } = useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => getJson<Partial<CollectorHealth>>('/readyz', {}, signal),
    refetchInterval: 10_000,
    retry: false,
  })
  return { ...inWords(data, error), askAgain: () => void refetch() }
}

function inWords(data: Partial<CollectorHealth> | undefined, error: Error | null): Pick<HealthWords, 'tone' | 'words'> {
  const notReady = { tone: 'error', words: 'Collector is not ready: its database does not answer' } as const
  if (error) return error instanceof ApiFailure && error.status > 0 ? notReady : { tone: 'error', words: 'Collector does not answer' }
  if (!data) return { tone: 'unknown', words: 'Asking the collector how it is' }
  if (data.status === 'not_ready' || data.database === 'down') return notReady
  if (data.durability === 'unsafe')
    return { tone: 'warn', words: 'Collector ready, but a crash of its database server may lose the last events' }
  return { tone: 'ok', words: `Collector ready${data.version ? `, version ${data.version}` : ''}` }
}
