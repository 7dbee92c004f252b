import { X } from 'lucide-react'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { useBreakers } from '../../api/breakers'
import { EmptyState } from '../../components/empty-state'
import { PanelError } from '../../components/panel-error'
import { SkeletonRows } from '../../components/skeleton'
import { readPair, type BoardChange, type BoardSearch } from '../../lib/board-search'
import { buildMatrix, filterBreakers } from '../../lib/breaker-matrix'
import { countOf, formatCount } from '../../lib/format'
import { isOutdated } from '../../lib/is-outdated'
import { breakersInSight } from '../../lib/long-gone'
import { both, term } from '../../lib/query-tokens'
import { BreakerLanes } from './breaker-lanes'
import { BreakerList } from './breaker-list'
import { BreakerMatrix } from './breaker-matrix'
import { BreakerStory } from './breaker-story'

interface BreakerPaneProps {
  breakers: ReturnType<typeof useBreakers>
  search: BoardSearch
  onChange: (changes: BoardChange) => void
}

/** Who has cut off whom: a matrix, lanes of the last hour, and the story of the one that is chosen. */
export function BreakerPane({ breakers, search, onChange }: BreakerPaneProps) {
  const { data, error, refetch } = breakers
  const found = useMemo(() => filterBreakers(data?.breakers ?? [], search.q, search.pair), [data, search.q, search.pair])
  const asOf = data?.asOf ?? ''
  const isAll = search.gone === '1'
  const shown = useMemo(() => (isAll ? found : breakersInSight(found, asOf)), [found, isAll, asOf])
  const hidden = found.length - shown.length
  const matrix = useMemo(() => buildMatrix(shown), [shown])
  const inEnvironment = search.env === undefined ? '' : term('environment', search.env)
  const choose = (id: string) => onChange({ b: id === search.b ? undefined : id })
  return (
    <section className="board-breakers" aria-label="Breakers" data-outdated={isOutdated(breakers)}>
      <header className="pane-head">
        <h2>Breakers</h2>
        {matrix.callers.length > 0 && <span className="pane-aside matrix-hint">caller ↓ callee →</span>}
        <Link
          to="/sessions"
          search={{ q: both('breaker:open', inEnvironment) }}
          className="pane-link"
          title="Sessions with a call that was not sent"
        >
          sessions that met an open one →
        </Link>
        <PairChip pair={search.pair} onClear={() => onChange({ pair: undefined })} />
      </header>
      {error && isOutdated(breakers) && (
        <p className="registry-meaning" role="alert">
          {error.message} How they stand may have changed since.
        </p>
      )}
      {error && data === undefined && <PanelError error={error} onRetry={() => void refetch()} />}
      {data === undefined && !error && <SkeletonRows count={6} height={44} />}
      {data?.breakers.length === 0 && <NoBreakers />}
      {data !== undefined && data.breakers.length > 0 && found.length === 0 && <p className="pane-note">No breaker matches.</p>}
      {data?.isCut && (
        <p className="pane-note">{`Shown are ${formatCount(data.breakers.length)}; there are more. Choose an environment.`}</p>
      )}
      {shown.length > 0 && (
        <>
          {matrix.closedPairs > 0 && (
            <p className="pane-note">{`Between ${countOf(matrix.closedPairs, 'more pair')} of services all breakers are closed; the filter finds them.`}</p>
          )}
          <BreakerMatrix matrix={matrix} chosen={search.b} onChoose={choose} onPair={(pair) => onChange({ pair, b: undefined })} />
          <BreakerList breakers={shown} chosen={search.b} onChoose={choose} isPair={search.pair !== undefined && matrix.isByService} />
          <BreakerLanes breakers={shown} chosen={search.b} onChoose={choose} />
        </>
      )}
      {(hidden > 0 || isAll) && (
        <button type="button" className="button button-quiet" onClick={() => onChange({ gone: isAll ? undefined : '1' })}>
          {isAll ? 'Hide what is long gone' : `${countOf(hidden, 'more breaker')} of callers gone for over five minutes: show`}
        </button>
      )}
      {shown.length > 0 && search.b === undefined && <p className="pane-hint">Choose a breaker to see why it tripped and whom it hurt.</p>}
      {search.b !== undefined && (
        <BreakerStory key={search.b} id={search.b} live={search.live !== '0'} onClose={() => onChange({ b: undefined })} />
      )}
    </section>
  )
}

function PairChip({ pair, onClear }: { pair: string | undefined; onClear: () => void }) {
  const ends = readPair(pair)
  if (ends === undefined) return null
  return (
    <button type="button" className="pair-chip" onClick={onClear} title="Show all breakers again">
      {ends.caller} → {ends.callee} <X size={12} aria-hidden />
      <span className="visually-hidden">, show all again</span>
    </button>
  )
}

function NoBreakers() {
  return (
    <EmptyState title="No breaker yet">
      <p>
        A caller has a breaker for each node that it calls with <code>session.call</code>. It stands here once it has turned for the first
        time, or while it is known to be closed.
      </p>
    </EmptyState>
  )
}
