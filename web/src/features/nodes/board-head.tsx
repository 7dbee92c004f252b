import type { BreakerState, NodeState } from '@groundtrack/collector/api'
import { useMemo } from 'react'
import type { Breakers } from '../../api/breakers'
import type { Board, useNodes } from '../../api/nodes'
import { RegistryLine } from '../../components/registry-line'
import { NODE_STATES, type BoardChange, type BoardSearch } from '../../lib/board-search'
import { formatCount } from '../../lib/format'
import { isOutdated } from '../../lib/is-outdated'
import { breakersInSight, nodesInSight } from '../../lib/long-gone'
import { STATE_SHAPES, STATE_TIPS } from '../../lib/node-words'

interface BoardHeadProps {
  nodes: ReturnType<typeof useNodes>
  breakers: Breakers | undefined
  search: BoardSearch
  onChange: (changes: BoardChange) => void
}

/** How many are how, readable from across the room; below it what to know about the registry itself. */
export function BoardHead({ nodes, breakers, search, onChange }: BoardHeadProps) {
  const { data } = nodes
  const isAll = search.gone === '1' || search.state === 'gone'
  const counts = useMemo(() => (data ? statesInSight(data, isAll) : NONE), [data, isAll])
  return (
    <div className="board-head">
      <ul className="board-sums" data-outdated={isOutdated(nodes)} aria-label="Nodes and breakers by state">
        {data &&
          NODE_STATES.filter((state) => state === 'up' || counts[state] > 0 || search.state === state).map((state) => (
            <li key={state}>
              <NodeSum
                state={state}
                count={counts[state]}
                isChosen={search.state === state}
                onChoose={() => onChange({ state: search.state === state ? undefined : state, view: undefined })}
              />
            </li>
          ))}
        {breakers && <BreakerSums counts={breakerCounts(breakers, search.gone === '1')} onShow={() => onChange({ view: 'breakers' })} />}
      </ul>
      <RegistryLine registry={data?.registry} asOf={data?.asOf} error={isOutdated(nodes) ? nodes.error : null} />
      <div className="board-views" role="group" aria-label="What to show">
        <button type="button" className="button" aria-pressed={search.view === undefined} onClick={() => onChange({ view: undefined })}>
          Nodes
        </button>
        <button type="button" className="button" aria-pressed={search.view === 'breakers'} onClick={() => onChange({ view: 'breakers' })}>
          Breakers
        </button>
      </div>
    </div>
  )
}

interface NodeSumProps {
  state: NodeState
  count: number
  isChosen: boolean
  onChoose: () => void
}

function NodeSum({ state, count, isChosen, onChoose }: NodeSumProps) {
  return (
    <button
      type="button"
      className="board-sum"
      data-state={state}
      data-none={count === 0}
      aria-pressed={isChosen}
      title={`${STATE_TIPS[state]}. ${isChosen ? 'Press to show all again' : 'Press to show only these'}`}
      onClick={onChoose}
    >
      <span className="board-sum-shape" aria-hidden>
        {STATE_SHAPES[state]}
      </span>
      <b>{formatCount(count)}</b> {state === 'up' ? (count === 1 ? 'node up' : 'nodes up') : state}
    </button>
  )
}

const NONE: Board['counts'] = { up: 0, stale: 0, gone: 0, restarting: 0, unknown: 0 }

/** The board tells at its end how many are long gone. */
function statesInSight({ nodes, counts, asOf }: Board, isAll: boolean): Board['counts'] {
  const longGone = isAll ? 0 : nodes.length - nodesInSight(nodes, asOf).length
  return { ...counts, gone: Math.max(0, counts.gone - longGone) }
}

/** Those of callers that are long gone are not counted: they are no trouble any more. */
function breakerCounts({ breakers, counts, asOf }: Breakers, isAll: boolean): Record<BreakerState, number> {
  const unheard = isAll ? 0 : breakers.length - breakersInSight(breakers, asOf).length
  return { ...counts, unknown: Math.max(0, counts.unknown - unheard) }
}

/** Closed ones are not told: that is as it should be. */
function BreakerSums({ counts, onShow }: { counts: Record<BreakerState, number>; onShow: () => void }) {
  const sums = [
    { state: 'open', count: counts.open, words: counts.open === 1 ? 'breaker open' : 'breakers open' },
    { state: 'half_open', count: counts.half_open, words: 'half-open' },
    { state: 'unknown', count: counts.unknown, words: counts.unknown === 1 ? 'breaker unknown' : 'breakers unknown' },
  ] as const
  return sums
    .filter(({ count }) => count > 0)
    .map(({ state, count, words }) => (
      <li key={state}>
        <button type="button" className="board-sum" data-breaker={state} title="Press to see the breakers" onClick={onShow}>
          <b>{formatCount(count)}</b> {words}
        </button>
      </li>
    ))
}
