import type { NodePage } from '@groundtrack/collector/api'
import { useQueries } from '@tanstack/react-query'
import { useIdle } from '../lib/use-idle'
import { getJson } from './client'

const LOOK_MS = 5_000
/** Of a session with more processes, only the first are asked about. */
const NODES_MAX = 12

/** How processes stand now, and their breakers, by their ids. Those of which nothing is known, or not yet, are not there. */
export function useNodesNow(ids: readonly string[]): ReadonlyMap<string, NodePage> {
  // After the session itself is drawn: a dozen answers would hold its lines up.
  const isIdle = useIdle()
  return useQueries({
    queries: ids.slice(0, NODES_MAX).map((id) => ({
      enabled: isIdle,
      queryKey: ['node', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => getJson<NodePage>(`/api/v1/nodes/${encodeURIComponent(id)}`, {}, signal),
      refetchInterval: LOOK_MS,
      staleTime: LOOK_MS,
      retry: false,
    })),
    combine: byId,
  })
}

function byId(results: { data: NodePage | undefined }[]): ReadonlyMap<string, NodePage> {
  return new Map(results.flatMap(({ data }): [string, NodePage][] => (data?.services[0] ? [[data.services[0].id, data]] : [])))
}
