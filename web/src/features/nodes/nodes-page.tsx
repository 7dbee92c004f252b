import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useBreakers } from '../../api/breakers'
import { useNodes } from '../../api/nodes'
import { EnvironmentSelect } from '../../components/environment-select'
import { FilterBar } from '../../components/filter-bar'
import { LiveButton } from '../../components/live-button'
import { PanelError } from '../../components/panel-error'
import { SkeletonRows } from '../../components/skeleton'
import { TopBar } from '../../components/top-bar'
import { changeSearch } from '../../lib/search-state'
import type { BoardChange } from '../../lib/board-search'
import { isOutdated } from '../../lib/is-outdated'
import { ServerClockContext, useClockOf } from '../../lib/server-clock'
import { useShortcuts } from '../../lib/shortcuts'
import { usePageTitle } from '../../lib/use-page-title'
import { BoardHead } from './board-head'
import { BreakerPane } from './breaker-pane'
import { NoNodes } from './no-nodes'
import { NodeBoard } from './node-board'
import './nodes.css'
import './breakers.css'

/** Who is there, since when, and which breakers are open. */
export function NodesPage() {
  const search = useSearch({ from: '/nodes' })
  const navigate = useNavigate({ from: '/nodes' })
  const live = search.live !== '0'
  const nodes = useNodes(search.env, live)
  const breakers = useBreakers(search.env, live)
  const clock = useClockOf(nodes.data?.asOf ?? breakers.data?.asOf, nodes.data ? nodes.dataUpdatedAt : breakers.dataUpdatedAt)
  usePageTitle('Nodes')

  const change = useCallback(
    (changes: BoardChange, replace = false) => void navigate({ search: (now) => changeSearch(now, changes), replace }),
    [navigate],
  )
  useShortcuts({
    f: () => change({ live: live ? '0' : undefined }, true),
    Escape: () => change({ b: undefined, ...(search.b === undefined && { pair: undefined, state: undefined }) }),
  })
  const isEmpty = nodes.data?.nodes.length === 0 && search.env === undefined && (breakers.data?.breakers.length ?? 0) === 0
  return (
    <ServerClockContext value={clock}>
      <h1 className="visually-hidden">Nodes</h1>
      <TopBar>
        <FilterBar
          value={search.q ?? ''}
          onChange={(q) => change({ q: q === '' ? undefined : q }, true)}
          label="Filter services and nodes"
        />
        <EnvironmentSelect value={search.env} onChange={(env) => change({ env })} />
        <LiveButton live={live} onChange={(on) => change({ live: on ? undefined : '0' }, true)} />
      </TopBar>
      <BoardHead nodes={nodes} breakers={breakers.data} search={search} onChange={change} />
      {isEmpty ? (
        <div className="board-empty">
          <NoNodes />
        </div>
      ) : (
        <div className="board" data-view={search.view ?? 'nodes'} data-stale={nodes.isPlaceholderData}>
          <section className="board-nodes" aria-label="Services and their nodes" data-outdated={isOutdated(nodes)}>
            {nodes.data ? (
              <NodeBoard board={nodes.data} search={search} onChange={change} />
            ) : nodes.error ? (
              <PanelError error={nodes.error} onRetry={() => void nodes.refetch()} />
            ) : (
              <SkeletonRows count={12} height={56} />
            )}
          </section>
          <BreakerPane breakers={breakers} search={search} onChange={change} />
        </div>
      )}
    </ServerClockContext>
  )
}
