import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import { useMap } from '../../api/map'
import { EmptyState } from '../../components/empty-state'
import { EnvironmentSelect } from '../../components/environment-select'
import { FilterBar } from '../../components/filter-bar'
import { LiveButton } from '../../components/live-button'
import { PanelError } from '../../components/panel-error'
import { SkeletonRows } from '../../components/skeleton'
import { TimeRangePicker } from '../../components/time-range-picker'
import { TopBar } from '../../components/top-bar'
import type { MapChange } from '../../lib/board-search'
import { isOutdated } from '../../lib/is-outdated'
import { shownTime, wholeTime } from '../../lib/map-time'
import { changeSearch } from '../../lib/search-state'
import { useShortcuts } from '../../lib/shortcuts'
import { usePageTitle } from '../../lib/use-page-title'
import { usePeriod } from '../../lib/use-period'
import { CallTable } from './call-table'
import { MapCanvas } from './map-canvas'
import { ShownPanel } from './shown-panel'
import { TimeScrubber } from './time-scrubber'
import { useMapLayout } from './use-map-layout'
import { useMapThen } from './use-map-then'
import './map.css'

/** Who calls whom, how often and how well, in a stretch of time or at a moment of it. */
export function MapPage() {
  const search = useSearch({ from: '/map' })
  const navigate = useNavigate({ from: '/map' })
  const { range, period, lookAgain } = usePeriod(search.from, search.to)
  const [words, setWords] = useState('')
  const live = search.live !== '0'
  const whole = useMap(wholeTime(range), search.env, live && search.at === undefined)
  const shown = useMap(shownTime(range, search.at), search.env, live)
  const { map, isStateTold } = useMapThen(shown.data, shownTime(range, search.at), search.env)
  const layout = useMapLayout(`${search.env ?? ''} ${period.from}`, whole.data, map)
  usePageTitle('Map')
  const change = useCallback(
    (changes: MapChange, replace = false) => void navigate({ search: (now) => changeSearch(now, changes), replace }),
    [navigate],
  )
  useShortcuts({ f: () => change({ live: live ? '0' : undefined }, true), Escape: () => change({ show: undefined }) })
  const onShow = (show: string) => change({ show: show === search.show ? undefined : show })
  const isEmpty = layout !== undefined && layout.services.size === 0
  return (
    <>
      <h1 className="visually-hidden">Map</h1>
      <TopBar>
        <FilterBar value={words} onChange={setWords} label="Find a service on the map" />
        <TimeRangePicker range={range} onChange={({ from, to }) => change({ from, to, at: undefined })} />
        <EnvironmentSelect value={search.env} onChange={(env) => change({ env })} />
        <LiveButton live={live} onChange={(on) => change({ live: on ? undefined : '0' }, true)} />
      </TopBar>
      <TimeScrubber
        range={range}
        period={period}
        environment={search.env}
        at={search.at}
        onMove={(at) => {
          if (at === undefined || at === 'now') lookAgain()
          change({ at }, true)
        }}
      />
      {shown.error && (shown.data === undefined || isOutdated(shown)) && (
        <div className="map-error">
          <PanelError error={shown.error} onRetry={() => void shown.refetch()} compact />
        </div>
      )}
      {!map && !shown.error && <SkeletonRows count={8} height={56} />}
      {map && isEmpty && (
        <EmptyState title="Nobody called anybody">
          <p>In this time no service called another, as far as they reported. The map is drawn from the calls of sessions.</p>
          <button type="button" className="button" onClick={() => change({ from: '7d', to: undefined, at: undefined })}>
            Look at the last 7 days
          </button>
        </EmptyState>
      )}
      {map && layout && !isEmpty && (
        <div className="map-page" data-stale={shown.isPlaceholderData} data-outdated={isOutdated(shown)}>
          <MapCanvas map={map} layout={layout} words={words} shown={search.show} onShow={onShow} />
          <aside className="map-side" aria-label="Services and their calls">
            {!isStateTold && (
              <p className="map-hint">How nodes and breakers stood is drawn for the last hour. Their own pages tell what was before.</p>
            )}
            <ShownPanel map={map} search={search} range={range} onClose={() => change({ show: undefined })} />
            <CallTable map={map} words={words} shown={search.show} onShow={onShow} />
          </aside>
        </div>
      )}
    </>
  )
}
