import { useEffect, useLayoutEffect, useMemo, useRef, type KeyboardEvent, type MouseEvent } from 'react'
import { WINDOW_ROWS, type RowOrder, type SessionRows } from '../../api/session-rows'
import { lineName } from '../../lib/event-link'
import type { Story } from '../../lib/session-story'
import type { TimeWindow } from '../../lib/time-axis'
import { bracketAt } from '../../lib/brackets'
import { indexOfPosition } from '../../lib/visible-rows'
import { StoryRow } from './story-row'
import { TimeAxis } from './time-axis'
import { useAnchoredScroll } from './use-anchored-scroll'
import type { Folding } from './use-folding'
import type { LineTarget } from './use-line-targets'
import { useRowsInView } from './use-rows-in-view'
import type { Selection } from './use-selection'
import './story-list.css'

export const ROW = 26
const AXIS = 24

interface StoryListProps {
  story: Story
  lines: SessionRows
  visible: readonly number[]
  order: RowOrder
  window: TimeWindow
  selection: Selection
  matches: readonly LineTarget[]
  folding: Folding
}

/** The waterfall. All rows are equally high and only those in view are drawn, so that its size does not matter. */
export function StoryList({ story, lines, visible, order, window, selection, matches, folding }: StoryListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const { first, end } = useRowsInView(scroller, visible.length, ROW)
  useAnchoredScroll(scroller, lines.rows, visible, ROW)

  const drawn = useMemo(() => Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at), [first, end])
  const inView = [...new Set(drawn.map((index) => windowOf(visible, index)))].join(' ')
  const { want } = lines
  useEffect(() => {
    const windows = inView.split(' ').map(Number)
    want([...windows, Math.min(...windows) - 1, Math.max(...windows) + 1])
  }, [inView, want])

  const { revealed } = selection
  const latest = useRef(visible)
  useLayoutEffect(() => {
    latest.current = visible
  }, [visible])
  useEffect(() => {
    if (revealed && scroller.current) bringIntoView(scroller.current, indexOfPosition(latest.current, revealed.position))
  }, [revealed])

  const onKeyDown = (event: KeyboardEvent) => moveSelection(event, visible, lines, selection, scroller.current)
  const isDrawn = drawn.some((index) => visible[index] === selection.position)
  const found = useMemo(() => new Set(matches.map((match) => match.position)), [matches])
  return (
    <div className="story-list" ref={scroller}>
      <TimeAxis window={window} />
      <div
        role="treegrid"
        aria-label="Lines of this session"
        aria-rowcount={visible.length}
        aria-activedescendant={isDrawn ? `line-${selection.position}` : undefined}
        tabIndex={0}
        className="story-rows"
        style={{ height: visible.length * ROW }}
        data-stale={lines.isStale}
        onKeyDown={onKeyDown}
        onMouseDown={(event) => event.shiftKey && event.preventDefault()} // else the browser would select the text in between
        onClick={(event) => selectClicked(event, lines, selection)}
      >
        {drawn.map((index) => {
          const position = visible[index] ?? 0
          return (
            <StoryRow
              key={position}
              row={lines.rows[position]}
              rows={lines.rows}
              position={position}
              index={index}
              top={index * ROW}
              story={story}
              order={order}
              window={window}
              isSelected={position === selection.position}
              isFound={found.has(position)}
              isSecond={position === selection.second?.position && position !== selection.position}
              bracket={order === 'cause' ? bracketAt(lines.rows, visible, index) : undefined}
              folding={folding}
            />
          )
        })}
      </div>
    </div>
  )
}

/** Leaves the list where it is while the row is in view; else puts the row into its middle, where what stands around it shows. */
function bringIntoView(scroller: HTMLElement, index: number): void {
  const top = index * ROW
  const isInView = top >= scroller.scrollTop && top + ROW + AXIS <= scroller.scrollTop + scroller.clientHeight
  if (!isInView) scroller.scrollTo({ top: top + AXIS - (scroller.clientHeight - ROW) / 2 })
}

function windowOf(visible: readonly number[], index: number | undefined): number {
  return Math.floor((visible[index ?? 0] ?? 0) / WINDOW_ROWS)
}

function selectClicked(event: MouseEvent, lines: SessionRows, selection: Selection): void {
  const id = event.target instanceof Element ? event.target.closest('[role=row]')?.id : undefined
  const position = Number(id?.replace('line-', ''))
  const row = lines.rows[position]
  if (row && event.shiftKey) selection.compare(lineName(row))
  else if (row && getSelection()?.isCollapsed !== false) selection.select({ position, name: lineName(row) })
}

function moveSelection(
  event: KeyboardEvent,
  visible: readonly number[],
  lines: SessionRows,
  selection: Selection,
  scroller: HTMLElement | null,
): void {
  const page = Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / ROW) - 2)
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }
  const by = steps[event.key]
  if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  const start = (event.shiftKey ? selection.second?.position : undefined) ?? selection.position
  const index = start === undefined ? -Math.sign(by) : indexOfPosition(visible, start)
  const position = visible[Math.min(visible.length - 1, Math.max(0, index + by))]
  if (position === undefined) return
  const row = lines.rows[position]
  if (row && event.shiftKey) selection.compare(lineName(row))
  if (row === undefined || event.shiftKey) selection.reveal(position)
  else selection.select({ position, name: lineName(row) })
}
