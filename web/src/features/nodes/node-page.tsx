import type { NodePage as NodeAnswer } from '@groundtrack/collector/api'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { ApiFailure } from '../../api/client'
import { useNode } from '../../api/nodes'
import { EmptyState } from '../../components/empty-state'
import { NodeStateMark } from '../../components/node-state'
import { PanelError } from '../../components/panel-error'
import { RegistryLine } from '../../components/registry-line'
import { SkeletonRows } from '../../components/skeleton'
import { TimeRangePicker } from '../../components/time-range-picker'
import { TopBar } from '../../components/top-bar'
import { changeSearch } from '../../lib/search-state'
import { isOutdated } from '../../lib/is-outdated'
import { ServerClockContext, useClockOf } from '../../lib/server-clock'
import { readTimeRange } from '../../lib/time-range'
import { usePageTitle } from '../../lib/use-page-title'
import { ChangeList } from './change-list'
import { NodeBreakers } from './node-breakers'
import { NodeFacts } from './node-facts'
import { NodeLinks } from './node-links'
import { NodesTrail } from './nodes-trail'
import { OfferedServices } from './offered-services'
import { SkewChart } from './skew-chart'
import './nodes.css'
import './breakers.css'
import './node-page.css'

/** One process: what it offers, what became of it, who cut it off, and how its clock stands to the others. */
export function NodePage() {
  const { node: id } = useParams({ from: '/nodes/$node' })
  const search = useSearch({ from: '/nodes/$node' })
  const navigate = useNavigate({ from: '/nodes/$node' })
  const range = readTimeRange(search.from, search.to)
  const node = useNode(id)
  const { data, error, dataUpdatedAt, refetch } = node
  const clock = useClockOf(data?.asOf, dataUpdatedAt)
  const name = data?.services[0]?.name ?? id
  usePageTitle(`${name} · Nodes`)
  return (
    <ServerClockContext value={clock}>
      <TopBar>
        <NodesTrail>{name}</NodesTrail>
        <TimeRangePicker range={range} onChange={({ from, to }) => void navigate({ search: (now) => changeSearch(now, { from, to }) })} />
      </TopBar>
      <div className="node-page" data-outdated={isOutdated(node)}>
        {error && <NodeError error={error} isLoaded={data !== undefined} onRetry={() => void refetch()} />}
        {!data && !error && <SkeletonRows count={10} height={40} />}
        {data && <Loaded id={id} data={data} error={isOutdated(node) ? error : null} range={range} search={search} />}
      </div>
    </ServerClockContext>
  )
}

interface LoadedProps {
  id: string
  data: NodeAnswer
  error: Error | null
  range: ReturnType<typeof readTimeRange>
  search: { from?: string; to?: string }
}

function Loaded({ id, data, error, range, search }: LoadedProps) {
  const first = data.services[0]
  return (
    <>
      <header className="node-page-head">
        <div className="node-page-title">
          <h1>{first?.name ?? id}</h1>
          {first && <NodeStateMark state={first.state} />}
          <RegistryLine registry={data.registry} asOf={data.asOf} error={error} />
        </div>
        <NodeLinks id={id} range={search} />
        {first && <NodeFacts id={id} node={first} />}
      </header>
      <section className="node-section" aria-labelledby="services-title">
        <h2 id="services-title">Services</h2>
        <OfferedServices services={data.services} />
      </section>
      <div className="breaker-columns">
        <div>
          <section className="node-section" aria-labelledby="called-title">
            <h2 id="called-title">Breakers of its callers</h2>
            <NodeBreakers breakers={data.breakers.filter((breaker) => breaker.target.id === id)} side="caller" />
          </section>
          <section className="node-section" aria-labelledby="clock-title">
            <h2 id="clock-title">Clocks of others</h2>
            <SkewChart id={id} range={range} />
          </section>
        </div>
        <div>
          <section className="node-section" aria-labelledby="calls-title">
            <h2 id="calls-title">Its own breakers</h2>
            <NodeBreakers breakers={data.breakers.filter((breaker) => breaker.caller.id === id)} side="target" />
          </section>
          <section className="node-section" aria-labelledby="changes-title">
            <h2 id="changes-title">What became of it</h2>
            <ChangeList changes={data.changes} isServiceTold={data.services.length > 1} />
          </section>
        </div>
      </div>
    </>
  )
}

function NodeError({ error, isLoaded, onRetry }: { error: Error; isLoaded: boolean; onRetry: () => void }) {
  if (error instanceof ApiFailure && error.status === 404)
    return (
      <EmptyState title="No such node" isPage>
        <p>No process of this id was seen within retention.</p>
      </EmptyState>
    )
  if (isLoaded) return null // the registry's line says it
  return <PanelError error={error} onRetry={onRetry} />
}
