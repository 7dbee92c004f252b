import type { SessionView } from '@groundtrack/collector/api'
import { useQuery } from '@tanstack/react-query'
import { getJson } from './client'

const FOLLOW_MS = 2_000
const SLOW_MS = 6_000
/** A session that runs longer than this is looked at less often. */
const LONG_MS = 120_000
const SETTLED_MS = 30_000

/** Head, hops, calls and processes of a session. While `follow`, a running or very young one is looked at again every few seconds. */
export function useSession(id: string, follow: boolean) {
  return useQuery({
    queryKey: ['session', id],
    queryFn: ({ signal }) => getJson<SessionView>(`/api/v1/sessions/${id}`, {}, signal),
    refetchInterval: (query) => (follow && query.state.data && isUnsettled(query.state.data) ? pauseAfter(query.state.data) : false),
  })
}

/** Lines may still arrive. */
export function isUnsettled({ session }: SessionView): boolean {
  return session.outcome === 'running' || Date.now() - (Date.parse(session.started) + session.durationMs) < SETTLED_MS
}

function pauseAfter({ session }: SessionView): number {
  return Date.now() - Date.parse(session.started) > LONG_MS ? SLOW_MS : FOLLOW_MS
}
