import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { ApiFailure } from '../../api/client'
import { useBreakerHistory } from '../../api/breakers'
import { BreakerLane, LaneAxis } from '../../components/breaker-lane'
import { BreakerTag } from '../../components/breaker-state'
import { EmptyState } from '../../components/empty-state'
import { PanelError } from '../../components/panel-error'
import { SkeletonRows } from '../../components/skeleton'
import { TimeRangePicker } from '../../components/time-range-picker'
import { TopBar } from '../../components/top-bar'
import { changeSearch } from '../../lib/search-state'
import { isOutdated } from '../../lib/is-outdated'
import { ServerClockContext, useClockOf, useServerNow } from '../../lib/server-clock'
import { nameTimeRange, readTimeRange, type TimeRange } from '../../lib/time-range'
import { usePageTitle } from '../../lib/use-page-title'
import { BreakerFacts, CallerLink, TargetLink } from './breaker-head'
import { HurtSessions } from './hurt-sessions'
import { NodesTrail } from './nodes-trail'
import { TurnList } from './turn-list'
import type { BreakerHistory } from '@groundtrack/collector/api'
import './breakers.css'
import './node-page.css'

const MOST_HURT = 100

/** One breaker: when it turned, why, and whom it hurt. */
export function BreakerPage() {
  const { breaker: id } = useParams({ from: '/breakers/$breaker' })
  const search = useSearch({ from: '/breakers/$breaker' })
  const navigate = useNavigate({ from: '/breakers/$breaker' })
  const range = readTimeRange(search.from, search.to)
  const history = useBreakerHistory(id, range, true)
  const first = history.data?.pages[0]
  const clock = useClockOf(first?.asOf, history.dataUpdatedAt)
  const name = first && `${first.breaker.caller.name} → ${first.breaker.target.name}`
  usePageTitle(name === undefined ? 'Breaker' : `${name} · Breakers`)
  return (
    <ServerClockContext value={clock}>
      <TopBar>
        <NodesTrail>{name ?? 'Breaker'}</NodesTrail>
        <TimeRangePicker range={range} onChange={({ from, to }) => void navigate({ search: (now) => changeSearch(now, { from, to }) })} />
      </TopBar>
      <div className="node-page" data-outdated={isOutdated(history)}>
        {history.error && (!first || isOutdated(history)) && (
          <BreakerError error={history.error} isLoaded={first !== undefined} onRetry={() => void history.refetch()} />
        )}
        {!first && !history.error && <SkeletonRows count={10} height={40} />}
        {first && (
          <>
            <header className="node-page-head">
              <h1>
                <CallerLink breaker={first.breaker} /> → <TargetLink breaker={first.breaker} />
              </h1>
              <p className="breaker-story-head">
                <BreakerTag state={first.breaker.state} />
                <BreakerFacts breaker={first.breaker} />
              </p>
              {first.breaker.reason !== '' && <p className="node-page-note">It said: “{first.breaker.reason}”</p>}
            </header>
            <section className="node-section" aria-labelledby="lane-title">
              <h2 id="lane-title">{nameTimeRange(range)}</h2>
              <Lane history={first} range={range} name={name ?? ''} />
            </section>
            <div className="breaker-columns">
              <section className="node-section" aria-labelledby="turns-title">
                <h2 id="turns-title">Turns</h2>
                <TurnList history={history} />
              </section>
              <section className="node-section" aria-labelledby="hurt-title">
                <h2 id="hurt-title">Whom it hurt</h2>
                <HurtSessions history={first} most={MOST_HURT} />
              </section>
            </div>
          </>
        )}
      </div>
    </ServerClockContext>
  )
}

function Lane({ history, range, name }: { history: BreakerHistory; range: TimeRange; name: string }) {
  const now = useServerNow()
  const [fromMs, toMs] = range.kind === 'last' ? [now - range.seconds * 1_000, now] : [Date.parse(range.from), Date.parse(range.to)]
  return (
    <div className="breaker-wide-lane">
      <BreakerLane lane={history.lane} fromMs={fromMs} toMs={toMs} name={name} />
      <LaneAxis fromMs={fromMs} toMs={toMs} count={8} />
    </div>
  )
}

function BreakerError({ error, isLoaded, onRetry }: { error: Error; isLoaded: boolean; onRetry: () => void }) {
  if (error instanceof ApiFailure && error.status === 404)
    return (
      <EmptyState title="No such breaker" isPage>
        <p>None of this name has turned within retention.</p>
      </EmptyState>
    )
  return <PanelError error={error} onRetry={onRetry} compact={isLoaded} />
}
