import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { isSyntaxFault } from '../../api/client'
import { useSessions } from '../../api/sessions'
import { EnvironmentSelect } from '../../components/environment-select'
import { EventHistogram } from '../../components/event-histogram'
import { SearchBar } from '../../components/search-bar'
import { TimeRangePicker } from '../../components/time-range-picker'
import { TopBar } from '../../components/top-bar'
import { both, term } from '../../lib/query-tokens'
import { changeSearch, type ListChange } from '../../lib/search-state'
import { usePageTitle } from '../../lib/use-page-title'
import { usePeriod } from '../../lib/use-period'
import { SessionFacets } from './session-facets'
import { SessionsPanel } from './sessions-panel'
import './sessions.css'

/** What happened lately: sessions that match, the failed ones standing out. */
export function SessionsPage() {
  const search = useSearch({ from: '/sessions' })
  const navigate = useNavigate({ from: '/sessions' })
  const { range, period, lookAgain } = usePeriod(search.from, search.to)
  const written = search.q ?? ''
  const q = both(written, search.env === undefined ? '' : term('environment', search.env))
  const sort = search.sort ?? 'start'
  const sessions = useSessions({ q, period, sort })
  usePageTitle(written === '' ? 'Sessions' : `${written} · Sessions`)

  const isEmpty = sessions.data?.pages[0]?.items.length === 0
  const change = useCallback((changes: ListChange) => void navigate({ search: (now) => changeSearch(now, changes) }), [navigate])
  return (
    <>
      <h1 className="visually-hidden">Sessions</h1>
      <TopBar>
        <SearchBar
          value={written}
          onSearch={(query) => change({ q: query })}
          error={sessions.error}
          label="Search sessions"
          placeholder="Search sessions, or paste an id"
        />
        <TimeRangePicker range={range} onChange={({ from, to }) => change({ from, to })} />
        <EnvironmentSelect value={search.env} onChange={(env) => change({ env })} />
      </TopBar>
      <div className="sessions-page">
        {!isEmpty && !isSyntaxFault(sessions.error) && (
          <SessionFacets q={q} written={written} period={period} sessions={sessions} onSearch={(query) => change({ q: query })} />
        )}
        <div className="sessions-main">
          {!isEmpty && <EventHistogram q={q} period={period} onZoom={(chosen) => change(chosen)} />}
          <SessionsPanel q={q} written={written} sort={sort} range={range} sessions={sessions} onLookAgain={lookAgain} onChange={change} />
        </div>
      </div>
    </>
  )
}
