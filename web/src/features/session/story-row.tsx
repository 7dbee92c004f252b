import type { EventView, SessionRow } from '@groundtrack/collector/api'
import { memo, type CSSProperties } from 'react'
import type { RowOrder } from '../../api/session-rows'
import { eventNumber } from '../../lib/event-link'
import { formatOffset } from '../../lib/format'
import type { Bracket } from '../../lib/brackets'
import { MISSING_TIPS, missingWords, nothingCameWords } from '../../lib/missing-words'
import { MARK_TIPS } from '../../lib/session-words'
import { eventMs, type Step, type Story } from '../../lib/session-story'
import { serviceColour } from '../../lib/service-hue'
import type { TimeWindow } from '../../lib/time-axis'
import { Guides, indentOf } from './guides'
import { gapOf } from './missing-gap'
import { MissingBar, RowBar } from './row-bar'
import { RowText } from './row-text'
import type { Folding } from './use-folding'

export interface StoryRowProps {
  row: SessionRow | undefined
  rows: readonly (SessionRow | undefined)[]
  position: number
  index: number
  top: number
  story: Story
  order: RowOrder
  window: TimeWindow
  isSelected: boolean
  isFound: boolean
  /** Held against the selected one. */
  isSecond: boolean
  bracket: Bracket | undefined
  folding: Folding
}

/** One line of the waterfall: number, words, distance from the start, bar. */
export const StoryRow = memo(function StoryRow(props: StoryRowProps) {
  const { row, position, index, top, story, order, isSelected, isSecond, isFound, bracket, folding } = props
  const place: CSSProperties = { transform: `translateY(${top}px)` }
  if (row === undefined)
    return (
      <div role="row" aria-rowindex={index + 1} className="story-row story-row-empty" style={place}>
        <div role="gridcell">
          <span className="visually-hidden">Loading</span>
        </div>
      </div>
    )
  const step = row.span === null ? undefined : story.steps.get(row.span)
  const isHead = row.kind === 'open' && order === 'tree'
  return (
    <div
      role="row"
      id={`line-${position}`}
      aria-rowindex={index + 1}
      aria-level={order === 'tree' ? (step?.depth ?? 0) + (isHead || step?.hop.onlyNamed ? 1 : 2) : 1}
      aria-expanded={isHead && step ? !folding.spans.has(step.hop.span) : undefined}
      aria-selected={isSelected}
      className="story-grid story-row"
      data-kind={row.kind}
      data-found={isFound}
      data-second={isSecond}
      data-level={row.kind === 'missing' ? undefined : row.level}
      style={place}
    >
      {bracket && <span className="row-bracket" data-part={bracket} title={MARK_TIPS.concurrent} aria-hidden />}
      {row.kind === 'missing' ? (
        <MissingCells {...props} row={row} step={step} />
      ) : (
        <EventCells {...props} row={row} step={step} isHead={isHead} />
      )}
    </div>
  )
})

function EventCells({
  row,
  story,
  order,
  window,
  folding,
  step,
  isHead,
}: StoryRowProps & { row: EventView; step: Step | undefined; isHead: boolean }) {
  const n = eventNumber(row)
  const folded = isHead && step !== undefined && folding.spans.has(step.hop.span)
  return (
    <>
      <div role="gridcell" className="story-number">
        {folded && step ? `+${step.rows - 1}` : isHead ? '' : n}
      </div>
      <div role="gridcell" className="story-text" style={{ paddingLeft: order === 'tree' ? indentOf(step?.depth ?? 0, !isHead) : 8 }}>
        {order === 'tree' && <Guides step={step} story={story} isHead={isHead} />}
        <RowText row={row} story={story} step={step} order={order} isHead={isHead} folded={folded} folding={folding} />
      </div>
      <div role="gridcell" className="story-offset">
        {formatOffset(eventMs(row, story) - story.startMs)}
      </div>
      <div role="gridcell" className="story-chart">
        <RowBar row={row} story={story} step={step} window={window} isHead={row.kind === 'open'} />
      </div>
    </>
  )
}

function MissingCells({
  row,
  rows,
  position,
  story,
  order,
  window,
  step,
}: StoryRowProps & { row: Extract<SessionRow, { kind: 'missing' }>; step: Step | undefined }) {
  const gap = gapOf(story, rows, position, row.span, step)
  return (
    <>
      <div role="gridcell" className="story-number">
        {row.from === row.to ? row.from : `${row.from}–${row.to}`}
      </div>
      <div
        role="gridcell"
        className="story-text"
        style={{ paddingLeft: order === 'tree' ? indentOf(step?.depth ?? 0, !step?.hop.onlyNamed) : 8 }}
      >
        {order === 'tree' && <Guides step={step} story={story} isHead={step?.hop.onlyNamed === true} />}
        <span className="missing-text" title={MISSING_TIPS[row.state]}>
          <span aria-hidden>┄ </span>
          {step && (order !== 'tree' || step.hop.onlyNamed) && (
            <b style={{ color: serviceColour(step.hop.service) }}>{whose(step, story)} </b>
          )}
          {step?.hop.onlyNamed ? nothingCameWords(row) : missingWords(row)}
        </span>
      </div>
      <div role="gridcell" className="story-offset">
        {gap && formatOffset(gap.from - story.startMs)}
      </div>
      <div role="gridcell" className="story-chart">
        {gap && <MissingBar from={gap.from - story.startMs} to={gap.to - story.startMs} window={window} />}
      </div>
    </>
  )
}

function whose({ hop }: Step, story: Story): string {
  return (story.processes.get(hop.node)?.name ?? hop.service) || 'a step'
}
