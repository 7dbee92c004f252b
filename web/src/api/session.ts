import type { SessionView } from '@groundtrack/collector/api'
import { useQuery } from '@tanstack/react-query'
import { getJson } from './client'

const FOLLOW_MS = 2_000
const SETTLED_MS = 30_000

/** Head, hops, calls and processes of a session. A running or very young one is looked at again every two seconds. */
export function useSession(id: string) {
  return useQuery({
    queryKey: ['session', id],
    queryFn: ({ signal }) => getJson<SessionView>(`/api/v1/sessions/${id}`, {}, signal),
    refetchInterval: (query) => (query.state.data && isUnsettled(query.state.data) ? FOLLOW_MS : false),
  })
}

/** Lines may still arrive. */
export function isUnsettled({ session }: SessionView): boolean {
  return session.outcome === 'running' || Date.now() - (Date.parse(session.started) + session.durationMs) < SETTLED_MS
}
