import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { isSyntaxFault } from '../../api/client'
import { useEvents } from '../../api/events'
import { EmptyState } from '../../components/empty-state'
import { EnvironmentSelect } from '../../components/environment-select'
import { EventHistogram } from '../../components/event-histogram'
import { PanelError } from '../../components/panel-error'
import { SearchBar } from '../../components/search-bar'
import { SkeletonRows } from '../../components/skeleton'
import { TimeRangePicker } from '../../components/time-range-picker'
import { UnreadableSearch } from '../../components/unreadable-search'
import { TopBar } from '../../components/top-bar'
import { both, term } from '../../lib/query-tokens'
import { changeSearch, type ListChange } from '../../lib/search-state'
import { usePageTitle } from '../../lib/use-page-title'
import { usePeriod } from '../../lib/use-period'
import { LogTable } from './log-table'
import './logs.css'

/** Single lines over all sessions, newest first; each leads into its session. */
export function LogsPage() {
  const search = useSearch({ from: '/logs' })
  const navigate = useNavigate({ from: '/logs' })
  const { range, period, lookAgain } = usePeriod(search.from, search.to)
  const written = search.q ?? ''
  const q = both(written, search.env === undefined ? '' : term('environment', search.env))
  const events = useEvents({ q, period })
  usePageTitle(written === '' ? 'Logs' : `${written} · Logs`)

  const change = useCallback((changes: ListChange) => void navigate({ search: (now) => changeSearch(now, changes) }), [navigate])
  return (
    <>
      <h1 className="visually-hidden">Logs</h1>
      <TopBar>
        <SearchBar
          value={written}
          onSearch={(query) => change({ q: query })}
          error={events.error}
          label="Search log lines"
          placeholder="Search log lines, or paste an id"
        />
        <TimeRangePicker range={range} onChange={({ from, to }) => change({ from, to })} />
        <EnvironmentSelect value={search.env} onChange={(env) => change({ env })} />
      </TopBar>
      <div className="logs-page">
        <EventHistogram q={q} period={period} onZoom={(chosen) => change(chosen)} />
        <LogsPanel events={events} onLookAgain={lookAgain} onChange={change} isSearching={q !== ''} />
      </div>
    </>
  )
}

interface LogsPanelProps {
  events: ReturnType<typeof useEvents>
  onLookAgain: () => void
  onChange: (changes: ListChange) => void
  isSearching: boolean
}

function LogsPanel({ events, onLookAgain, onChange, isSearching }: LogsPanelProps) {
  const listed = useMemo(() => events.data?.pages.flatMap((page) => page.items) ?? [], [events.data])
  if (isSyntaxFault(events.error)) return <UnreadableSearch onClear={() => onChange({ q: undefined })} />
  if (events.error && events.data === undefined) return <PanelError error={events.error} onRetry={() => void events.refetch()} />
  if (events.data === undefined) return <SkeletonRows count={20} height={26} />
  if (listed.length === 0)
    return (
      <EmptyState title={isSearching ? 'No line matches in this time' : 'No lines in this time'}>
        <div className="empty-actions">
          {isSearching && (
            <button type="button" className="button" onClick={() => onChange({ q: undefined, env: undefined })}>
              Clear the search
            </button>
          )}
          <button type="button" className="button" onClick={() => onChange({ from: '7d', to: undefined })}>
            Search the last 7 days
          </button>
          <button type="button" className="button" onClick={onLookAgain}>
            Look again
          </button>
        </div>
      </EmptyState>
    )
  return <LogTable events={listed} query={events} onLookAgain={onLookAgain} />
}
