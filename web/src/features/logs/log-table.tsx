import type { EventView } from '@groundtrack/collector/api'
import { useVirtualizer } from '@tanstack/react-virtual'
import { RotateCw } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { useEvents } from '../../api/events'
import { PanelError } from '../../components/panel-error'
import { formatCount } from '../../lib/format'
import { formatSecond } from '../../lib/instant'
import { useKeptScroll } from '../../lib/use-kept-scroll'
import { useRowKeys } from '../../lib/use-row-keys'
import { LogRow } from './log-row'

const ROW = 26
const AHEAD = 60

/** The lines; only those in view are drawn. */
export function LogTable({
  events,
  query,
  onLookAgain,
}: {
  events: EventView[]
  query: ReturnType<typeof useEvents>
  onLookAgain: () => void
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const { initialOffset, keep } = useKeptScroll(`logs ${location.search}`)
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => events[index]?.id ?? index,
    overscan: 20,
    initialOffset,
  })
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query
  const last = rows.getVirtualItems().at(-1)?.index ?? 0
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && last >= events.length - AHEAD) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, last, events.length])
  useRowKeys(scroller, '[data-row-link]')
  const toggle = (id: string) => setOpen((now) => (now.has(id) ? new Set([...now].filter((each) => each !== id)) : new Set(now).add(id)))

  return (
    <>
      <div className="log-status">
        <span>
          {formatCount(events.length)}
          {hasNextPage ? '+' : ''} lines, newest first · shown up to {formatSecond(query.dataUpdatedAt)}
        </span>
        <button type="button" className="button button-quiet" onClick={onLookAgain}>
          <RotateCw size={12} aria-hidden /> Look again
        </button>
      </div>
      <div
        className="log-table"
        ref={scroller}
        data-stale={query.isPlaceholderData}
        onScroll={(event) => keep(event.currentTarget.scrollTop)}
      >
        <div role="table" aria-label="Log lines" aria-rowcount={hasNextPage ? -1 : events.length}>
          <div role="rowgroup" className="log-rows" style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map((item) => {
              const event = events[item.index]
              return (
                event && (
                  <div
                    key={item.key}
                    role="none"
                    ref={rows.measureElement}
                    data-index={item.index}
                    className="log-place"
                    style={{ transform: `translateY(${item.start}px)` }}
                  >
                    <LogRow event={event} index={item.index} isOpen={open.has(event.id)} onToggle={toggle} />
                  </div>
                )
              )
            })}
          </div>
        </div>
        {isFetchingNextPage && <p className="table-foot">Loading older lines …</p>}
        {isFetchNextPageError && query.error && <PanelError error={query.error} onRetry={() => void fetchNextPage()} compact />}
      </div>
    </>
  )
}
