import type { SessionSummary } from '@groundtrack/collector/api'
import { useMemo } from 'react'
import type { SessionSort, useSessions } from '../../api/sessions'
import { isSyntaxFault } from '../../api/client'
import { PanelError } from '../../components/panel-error'
import { UnreadableSearch } from '../../components/unreadable-search'
import { SkeletonRows } from '../../components/skeleton'
import { addTerm, term } from '../../lib/query-tokens'
import type { ListChange } from '../../lib/search-state'
import type { TimeRange } from '../../lib/time-range'
import { NoSessions } from './no-sessions'
import { SessionTable } from './session-table'
import { StatusBar } from './status-bar'
import { useNewSessions } from './use-new-sessions'

interface SessionsPanelProps {
  q: string
  /** The reader's part of it. */
  written: string
  sort: SessionSort
  range: TimeRange
  sessions: ReturnType<typeof useSessions>
  onLookAgain: () => void
  onChange: (changes: ListChange) => void
}

/** The list, or what stands in its place: loading, failed, nothing found, nothing at all yet. */
export function SessionsPanel({ q, written, sort, range, sessions, onLookAgain, onChange }: SessionsPanelProps) {
  const listed = useMemo(() => sessions.data?.pages.flatMap((page) => page.items) ?? [], [sessions.data])
  const isLoaded = sessions.data !== undefined && !sessions.isPlaceholderData
  const announces = range.kind === 'last' && sort === 'start'
  const news = useNewSessions({ q, listed, enabled: isLoaded && announces })
  const current = useMemo(() => listed.map((session): SessionSummary => news.updated.get(session.id) ?? session), [listed, news.updated])

  if (isSyntaxFault(sessions.error)) return <UnreadableSearch onClear={() => onChange({ q: undefined })} />
  if (sessions.error && sessions.data === undefined) return <PanelError error={sessions.error} onRetry={() => void sessions.refetch()} />
  if (sessions.data === undefined) return <SkeletonRows count={14} height={35} />
  if (current.length === 0) return <NoSessions q={q} range={range} onChange={onChange} onLookAgain={onLookAgain} />
  return (
    <>
      <StatusBar sessions={sessions} listed={listed.length} news={announces ? news : undefined} onLookAgain={onLookAgain} />
      <SessionTable
        key={q + sort}
        sessions={current}
        sort={sort}
        onSort={(chosen) => onChange({ sort: chosen === 'start' ? undefined : chosen })}
        hasMore={sessions.hasNextPage}
        isLoadingMore={sessions.isFetchingNextPage}
        moreError={sessions.isFetchNextPageError ? sessions.error : null}
        onMore={() => void sessions.fetchNextPage()}
        onService={(service) => onChange({ q: addTerm(written, term('services', service)) })}
        isStale={sessions.isPlaceholderData}
      />
    </>
  )
}
