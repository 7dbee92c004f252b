import type { EventView } from '@groundtrack/collector/api'
import { budgetOf, type Budget } from '../../lib/budget'
import { formatDuration } from '../../lib/format'
import { serviceColour } from '../../lib/service-hue'
import { eventMs, type Step, type Story } from '../../lib/session-story'
import { placeOf, type TimeWindow } from '../../lib/time-axis'
import { BudgetLine } from './budget-line'
import { whiskerReach, Whiskers } from './whiskers'
import './row-bar.css'

interface RowBarProps {
  row: EventView
  story: Story
  step: Step | undefined
  window: TimeWindow
  isHead: boolean
}

/** A step or a call as a bar, anything else as a tick. */
export function RowBar({ row, story, step, window, isHead }: RowBarProps) {
  if (isHead && step) {
    const state = step.open ? (step.hop.state === 'running' ? 'running' : 'died') : step.hop.state
    const label = step.open ? (state === 'running' ? 'running' : `†`) : formatDuration(step.endMs - step.startMs)
    const budget = budgetOf({ remainingMs: step.hop.remainingMs, startMs: step.startMs, endMs: step.endMs }, step, story)
    const [from, to] = [step.startMs - story.startMs, step.endMs - story.startMs]
    const skew = story.processes.get(step.hop.node)?.skew
    return (
      <>
        <Bar
          kind="step"
          state={state}
          service={step.hop.service}
          from={from}
          to={state === 'running' ? Math.max(to, window.to) : to}
          label={label}
          budget={budget}
          isClearOf={skew?.error === null && skew.kind !== 'estimate'}
          clearMs={step.open ? 0 : whiskerReach(skew, window)}
          window={window}
        />
        {budget && <BudgetLine budget={budget} window={window} />}
        <Whiskers skew={skew} moments={step.open ? [from] : [from, to]} window={window} />
      </>
    )
  }
  const call = row.call === undefined ? undefined : story.calls.get(row.call)
  const failed = row.kind === 'return' && row.status !== 'ok'
  if (call && (row.kind === 'call' || failed) && call.view.status !== 'oneway') {
    const state = failed ? 'failed' : call.open ? 'open' : 'ok'
    const label = failed ? '' : call.open ? '' : formatDuration(call.endMs - call.startMs)
    const budget = failed
      ? undefined
      : budgetOf({ remainingMs: call.view.remainingMs, startMs: call.startMs, endMs: call.endMs }, step, story)
    const isNear = budget !== undefined && (budget.overMs > 0 || budget.until <= window.to)
    return (
      <>
        <Bar
          kind="call"
          state={state}
          service={row.service}
          from={call.startMs - story.startMs}
          to={call.endMs - story.startMs}
          label={label}
          window={window}
          breaker={failed ? undefined : call.view.status === 'cut' ? 'open' : call.view.breaker}
        />
        {isNear && <BudgetLine budget={budget} window={window} />}
      </>
    )
  }
  const place = placeOf(eventMs(row, story) - story.startMs, window)
  if (place < 0 || place > 1) return <Outside place={place} />
  return <span className="bar-tick" style={{ left: `${place * 100}%` }} />
}

interface BarProps {
  kind: 'step' | 'call'
  state: string
  service: string
  from: number
  to: number
  label: string
  /** Room between the bar and its label, in milliseconds. */
  clearMs?: number
  /** Its label keeps clear of an open whisker. */
  isClearOf?: boolean
  budget?: Budget | undefined
  /** Of a call: how the breaker stood; absent where nobody says. */
  breaker?: 'closed' | 'half_open' | 'open' | undefined
  window: TimeWindow
}

/** A chart is about so wide, where the page has room for everything. */
const CHART_PX = 420
const LETTER_PX = 6.7
const LABEL_PADDING_PX = 10
/** Bars up to here leave room to say more. */
const BUDGET_ROOM = 0.66
/** How far a whisker may push a label. */
const LABEL_ROOM_LEAST = 0.92

function Bar({ kind, state, service, from, to, label, clearMs = 0, isClearOf = false, budget, breaker, window }: BarProps) {
  const [start, end] = [placeOf(from, window), placeOf(to, window)]
  if (end < 0 || start > 1) return <Outside place={end < 0 ? -1 : 2} />
  const [left, right] = [Math.max(0, start), Math.min(1, end)]
  const clear = clearMs / (window.to - window.from)
  const room = 1 - (label.length * LETTER_PX + LABEL_PADDING_PX) / CHART_PX
  const side = right <= room && right + clear <= LABEL_ROOM_LEAST ? 'after' : left - clear >= 1 - room ? 'before' : 'inside'
  const at =
    side === 'before'
      ? { right: `${(1 - left + clear) * 100}%` }
      : side === 'after'
        ? { left: `${(right + clear) * 100}%` }
        : { right: `${(1 - right) * 100}%` }
  return (
    <>
      <span
        className={`bar bar-${kind}`}
        data-state={state}
        data-breaker={breaker}
        style={{ left: `${left * 100}%`, width: `max(2px, ${(right - left) * 100}%)`, '--service': serviceColour(service) }}
      />
      {label !== '' && (
        <span className="bar-label" data-side={side} data-state={state} data-clear={isClearOf} style={at}>
          {label}
          {budget?.overMs === 0 && side === 'after' && right + clear <= BUDGET_ROOM && <BudgetWords budget={budget} />}
        </span>
      )}
    </>
  )
}

/** "122 ms of 2.5 s": what it took of what was left. */
function BudgetWords({ budget: { remainingMs, isUpperBound } }: { budget: Budget }) {
  return (
    <span className="bar-budget">
      {` of ${isUpperBound ? '≤ ' : ''}`}
      {formatDuration(remainingMs)}
    </span>
  )
}

/** Lines whose number is known but that are not here: hatched, where they must lie. */
export function MissingBar({ from, to, window }: { from: number; to: number; window: TimeWindow }) {
  const [left, right] = [Math.max(0, placeOf(from, window)), Math.min(1, placeOf(to, window))]
  if (right < 0 || left > 1) return <Outside place={right < 0 ? -1 : 2} />
  return <span className="bar bar-missing" style={{ left: `${left * 100}%`, width: `max(14px, ${(right - left) * 100}%)` }} />
}

/** Says that what is not drawn lies to the left or to the right. */
function Outside({ place }: { place: number }) {
  return (
    <span className="bar-outside" data-side={place < 0 ? 'left' : 'right'} aria-hidden>
      {place < 0 ? '‹' : '›'}
    </span>
  )
}
