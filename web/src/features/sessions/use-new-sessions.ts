import type { SessionSummary } from '@groundtrack/collector/api'
import { useMemo } from 'react'
import { useArrivals } from '../../api/sessions'
import { isoOf } from '../../lib/instant'

/** Sessions whose first line comes later than that of younger ones are still found. */
const LATE_MS = 10_000

export interface NewSessions {
  count: number
  /** There may be more than were counted. */
  atLeast: boolean
  /** Listed sessions that went on: a running one that ended. */
  updated: ReadonlyMap<string, SessionSummary>
}

/** Looks for sessions that are not listed yet, without touching the list. */
export function useNewSessions({ q, listed, enabled }: { q: string; listed: SessionSummary[]; enabled: boolean }): NewSessions {
  const since = useMemo(() => lookSince(listed), [listed])
  const { data } = useArrivals({ q, since, enabled: enabled && listed.length > 0 })
  const known = useMemo(() => new Set(listed.map((session) => session.id)), [listed])
  return useMemo((): NewSessions => {
    const items = data?.items ?? []
    return {
      count: items.filter((session) => !known.has(session.id)).length,
      atLeast: data?.next != null && items.every((session) => !known.has(session.id)),
      updated: new Map(items.filter((session) => known.has(session.id)).map((session) => [session.id, session])),
    }
  }, [data, known])
}

function lookSince(listed: SessionSummary[]): string {
  const starts = listed.map((session) => Date.parse(session.started))
  if (starts.length === 0) return isoOf(0)
  const running = listed.filter((session) => session.outcome === 'running').map((session) => Date.parse(session.started))
  const newest = Math.max(...starts)
  return isoOf(Math.max(newest - 30 * LATE_MS, Math.min(newest - LATE_MS, ...running)))
}
