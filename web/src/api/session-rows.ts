import type { SessionEvents, SessionRow } from '@groundtrack/collector/api'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { askAhead } from './ask-ahead'
import { getJson, withParameters } from './client'

export type RowOrder = 'tree' | 'cause' | 'clock'

/** Rows a request brings; windows start at multiples of it. */
export const WINDOW_ROWS = 500
/** Sessions up to this size are fetched whole; of larger ones only what is looked at. */
const WHOLE_ROWS = 5_000
/** Matches of a find that are listed. */
export const FOUND_MAX = 1_000

export interface SessionRows {
  total: number
  /** By position; undefined where not loaded. */
  rows: readonly (SessionRow | undefined)[]
  complete: boolean
  isPending: boolean
  /** Still those of before: another order, or before more lines arrived. */
  isStale: boolean
  error: Error | null
  retry: () => void
  /** Asks for the windows of rows that are in view. Those that were asked for stay: rows that came and went would move the list. */
  want: (windows: readonly number[]) => void
}

/**
 * The rows of a session, window by window as they come into view. `version` changes when lines arrived: windows are asked for again while the
 * old ones stay on the page.
 */
export function useSessionRows(id: string, order: RowOrder, version: string): SessionRows {
  const { wanted, want } = useWanted(`${order} ${version}`)
  const first = useQuery(windowOf(id, order, version, 0))
  const total = first.data?.total ?? 0
  const windows = useMemo(() => windowsToLoad(total, wanted), [total, wanted])
  const rest = useQueries({ queries: windows.map((index) => windowOf(id, order, version, index)), combine: combineWindows })

  const rows = useMemo(() => {
    const all = Array<SessionRow | undefined>(total).fill(undefined) // Array.from takes 8 ms for 100,000
    for (const page of [first.data, ...rest.pages])
      page?.items.forEach((row, offset) => page.from + offset < total && (all[page.from + offset] = row))
    return all
  }, [first.data, rest.pages, total])

  return {
    total,
    rows,
    complete: first.data !== undefined && total <= WHOLE_ROWS && rest.pages.every((page) => page !== undefined),
    isPending: first.isPending,
    isStale: first.isPlaceholderData,
    error: first.error ?? rest.failed?.error ?? null,
    retry: () => void (first.error ? first.refetch() : rest.failed?.refetch()),
    want,
  }
}

const NONE: readonly number[] = []

/** Windows asked for so far; they are forgotten when the key changes. */
function useWanted(key: string): { wanted: readonly number[]; want: (windows: readonly number[]) => void } {
  const [asked, setAsked] = useState<{ key: string; windows: readonly number[] }>({ key, windows: NONE })
  const want = useCallback(
    (windows: readonly number[]) =>
      setAsked((now) => {
        const before = now.key === key ? now.windows : NONE
        const added = windows.filter((window) => !before.includes(window))
        return now.key === key && added.length === 0 ? now : { key, windows: [...before, ...added] }
      }),
    [key],
  )
  return { wanted: asked.key === key ? asked.windows : NONE, want }
}

/** Rows that match a search expression, with their positions; for sessions too large to look through on the page. */
export function useFoundRows(id: string, order: RowOrder, version: string, q: string, enabled = true) {
  return useQuery({
    queryKey: ['session-found', id, order, q, version],
    queryFn: ({ signal }) => getJson<SessionEvents>(`/api/v1/sessions/${id}/events`, { order, q, limit: FOUND_MAX }, signal),
    enabled: enabled && q.trim() !== '',
    placeholderData: keepPreviousData,
  })
}

/** Position of the row that `at` names ("{span}:{n}" or an event id), found by the collector. */
export function useRowPosition(id: string, order: RowOrder, at: string | undefined) {
  return useQuery({
    queryKey: ['session-row-at', id, order, at],
    queryFn: ({ signal }) => getJson<SessionEvents>(`/api/v1/sessions/${id}/events`, { order, at, limit: 1 }, signal),
    enabled: at !== undefined,
    staleTime: 5_000,
  })
}

function combineWindows(results: { data: SessionEvents | undefined; error: Error | null; refetch: () => unknown }[]) {
  return { pages: results.map((each) => each.data), failed: results.find((each) => each.error !== null) }
}

function windowOf(id: string, order: RowOrder, version: string, index: number) {
  return {
    queryKey: ['session-rows', id, order, index, version],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      getJson<SessionEvents>(`/api/v1/sessions/${id}/events`, { order, from: index * WINDOW_ROWS, limit: WINDOW_ROWS }, signal),
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  }
}

/** Asks for the first rows of a session before its head is there. */
export function askRowsAhead(id: string, order: RowOrder): void {
  askAhead(withParameters(`/api/v1/sessions/${id}/events`, { order, from: 0, limit: WINDOW_ROWS }))
}

function windowsToLoad(total: number, wanted: readonly number[]): number[] {
  const count = Math.ceil(total / WINDOW_ROWS)
  if (total <= WHOLE_ROWS) return Array.from({ length: Math.max(0, count - 1) }, (_, index) => index + 1)
  return [...new Set(wanted)].filter((index) => index > 0 && index < count).toSorted((a, b) => a - b)
}
