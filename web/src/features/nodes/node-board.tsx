import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import type { Board } from '../../api/nodes'
import { EmptyState } from '../../components/empty-state'
import { filterNodes, groupBoard } from '../../lib/board-groups'
import { columnsFor, densityFor, layoutRows, type BoardRow, type Density } from '../../lib/board-rows'
import type { BoardChange, BoardSearch } from '../../lib/board-search'
import { countOf, formatCount } from '../../lib/format'
import { nodesInSight } from '../../lib/long-gone'
import { useKeptScroll } from '../../lib/use-kept-scroll'
import { useRowKeys } from '../../lib/use-row-keys'
import { BoardRowView } from './board-row-view'
import { useWidth } from './use-width'

interface NodeBoardProps {
  board: Board
  search: BoardSearch
  onChange: (changes: BoardChange) => void
}

const GAP = 10
const HEIGHTS: Record<Density, Record<BoardRow['kind'], number>> = {
  large: { services: 50, version: 34, nodes: 146 },
  cards: { services: 38, version: 26, nodes: 108 },
  tiles: { services: 38, version: 26, nodes: 34 },
}

/** Services, versions, nodes. Only the rows in view are drawn; no state changes their order. */
export function NodeBoard({ board, search, onChange }: NodeBoardProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const width = useWidth(scroller)
  const found = useMemo(() => filterNodes(board.nodes, search.q, search.state), [board.nodes, search.q, search.state])
  const isAll = search.gone === '1' || search.state === 'gone'
  const shown = useMemo(() => (isAll ? found : nodesInSight(found, board.asOf)), [found, isAll, board.asOf])
  const hidden = found.length - shown.length
  const density = densityFor(shown.length, width)
  const columns = columnsFor(width, density, GAP)
  const rows = useMemo(() => layoutRows(groupBoard(shown), columns), [shown, columns])
  const hasSeveralEnvironments = useMemo(() => new Set(board.nodes.map((node) => node.environment)).size > 1, [board.nodes])
  const { initialOffset, keep } = useKeptScroll(`nodes ${search.env ?? ''} ${search.q ?? ''} ${search.state ?? ''}`)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => HEIGHTS[density][rows[index]?.kind ?? 'nodes'],
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 6,
    initialOffset,
  })
  useEffect(() => virtual.measure(), [virtual, rows, density])
  useRowKeys(scroller, 'a[data-row-link]')
  return (
    <div className="board-scroll" ref={scroller} onScroll={(event) => keep(event.currentTarget.scrollTop)}>
      {shown.length === 0 && hidden === 0 && (
        <NothingMatches onShowAll={() => onChange({ q: undefined, state: undefined, env: undefined })} />
      )}
      {board.isCut && (
        <p className="board-note">{`Shown are ${formatCount(board.nodes.length)} nodes; there are more. Choose an environment.`}</p>
      )}
      <div className="board-rows" data-density={density} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]
          return (
            row && (
              <div key={item.key} className="board-row" style={{ height: item.size, transform: `translateY(${item.start}px)` }}>
                <BoardRowView row={row} density={density} columns={columns} hasSeveralEnvironments={hasSeveralEnvironments} />
              </div>
            )
          )
        })}
      </div>
      {(hidden > 0 || search.gone === '1') && (
        <button
          type="button"
          className="button button-quiet board-hidden"
          onClick={() => onChange({ gone: search.gone === '1' ? undefined : '1' })}
        >
          {search.gone === '1' ? 'Hide what is long gone' : `${countOf(hidden, 'more node')} gone for over five minutes: show`}
        </button>
      )}
    </div>
  )
}

function NothingMatches({ onShowAll }: { onShowAll: () => void }) {
  return (
    <EmptyState title="No node matches">
      <p>No service or node holds these words and is in this state.</p>
      <button type="button" className="button" onClick={onShowAll}>
        Show all
      </button>
    </EmptyState>
  )
}
