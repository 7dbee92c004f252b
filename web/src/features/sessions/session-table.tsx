import type { SessionSummary } from '@groundtrack/collector/api'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { SessionSort } from '../../api/sessions'
import { PanelError } from '../../components/panel-error'
import { durationScale } from '../../lib/duration-scale'
import { useKeptScroll } from '../../lib/use-kept-scroll'
import { useRowKeys } from '../../lib/use-row-keys'
import { SessionRow } from './session-row'
import { SessionTableHead } from './session-table-head'

const ROW = 35
const ROW_WITH_ERROR = 52
const AHEAD = 30

interface SessionTableProps {
  sessions: SessionSummary[]
  sort: SessionSort
  onSort: (sort: SessionSort) => void
  hasMore: boolean
  isLoadingMore: boolean
  moreError: Error | null
  onMore: () => void
  onService: (service: string) => void
  isStale: boolean
}

/** The sessions as a table that draws only the rows in view. */
export function SessionTable({ sessions, sort, onSort, hasMore, isLoadingMore, moreError, onMore, onService, isStale }: SessionTableProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const { initialOffset, keep } = useKeptScroll(`sessions ${location.search}`)
  const rows = useVirtualizer({
    count: sessions.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (sessions[index]?.error ? ROW_WITH_ERROR : ROW),
    getItemKey: (index) => sessions[index]?.id ?? index,
    overscan: 12,
    initialOffset,
  })
  useEffect(() => rows.measure(), [rows, sessions])
  const last = rows.getVirtualItems().at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && !isLoadingMore && !moreError && last >= sessions.length - AHEAD) onMore()
  }, [hasMore, isLoadingMore, moreError, last, sessions.length, onMore])
  useRowKeys(scroller, 'a[data-row-link]')
  const scale = durationScale(sessions.slice(0, 100).map((session) => session.durationMs))

  return (
    <div className="session-table" ref={scroller} data-stale={isStale} onScroll={(event) => keep(event.currentTarget.scrollTop)}>
      <div role="table" aria-label="Sessions" aria-rowcount={hasMore ? -1 : sessions.length + 1}>
        <SessionTableHead sort={sort} onSort={onSort} />
        <div role="rowgroup" className="session-rows" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((item) => {
            const session = sessions[item.index]
            return (
              session && (
                <SessionRow
                  key={item.key}
                  session={session}
                  index={item.index}
                  top={item.start}
                  height={item.size}
                  scale={scale}
                  onService={onService}
                />
              )
            )
          })}
        </div>
      </div>
      {isLoadingMore && <p className="table-foot">Loading more …</p>}
      {moreError && <PanelError error={moreError} onRetry={onMore} compact />}
    </div>
  )
}
