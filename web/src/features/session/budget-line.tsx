import type { Budget } from '../../lib/budget'
import { formatDuration } from '../../lib/format'
import { placeOf, type TimeWindow } from '../../lib/time-axis'
import './budget-line.css'

/** Below a bar: as far as the deadline allowed it to go; hatched where it went further. Dotted where the deadline may have struck earlier. */
export function BudgetLine({ budget, window }: { budget: Budget; window: TimeWindow }) {
  const { from, until, overMs, isUpperBound } = budget
  const [start, end] = [placeOf(from, window), placeOf(until, window)]
  const over = overMs > 0 ? { left: clip(Math.max(start, end)), right: clip(placeOf(until + overMs, window)) } : undefined
  const [left, right] = [clip(start), clip(end)]
  return (
    <>
      {right > left && (
        <span
          className="budget-line"
          data-bound={isUpperBound}
          data-ends={end <= 1}
          style={{ left: `${left * 100}%`, width: `${(right - left) * 100}%` }}
          title={budgetTip(budget)}
        />
      )}
      {over && over.right > over.left && (
        <span
          className="budget-over"
          style={{ left: `${over.left * 100}%`, width: `max(4px, ${(over.right - over.left) * 100}%)` }}
          title={budgetTip(budget)}
        />
      )}
    </>
  )
}

function budgetTip({ remainingMs, overMs, isUpperBound }: Budget): string {
  const left = remainingMs <= 0 ? 'The deadline had passed before it began' : `${formatDuration(remainingMs)} of the deadline were left`
  const bound = isUpperBound ? ', or less: a process in between took nothing off for its own time' : ''
  return `${left}${bound}.${overMs > 0 ? ` It went on for ${formatDuration(overMs)} beyond it.` : ''}`
}

function clip(place: number): number {
  return Math.min(1, Math.max(0, place))
}
