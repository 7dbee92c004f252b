import type { SessionRow } from '@groundtrack/collector/api'
import { lineName } from './event-link'
import { isError } from './levels'
import type { Step, Story } from './session-story'

interface VisibleRows {
  story: Story
  rows: readonly (SessionRow | undefined)[]
  /** Spans of the steps that are folded; of use by call only. */
  collapsed: ReadonlySet<string>
  /** Lines that only say "answered" and "closed" too. */
  showAll: boolean
  /** A line that must be seen, by its name. */
  kept: string | undefined
}

/** Positions that are drawn, ascending. A row that is not loaded counts as drawn, unless it must lie in a folded step. */
export function listVisible({ story, rows, collapsed, showAll, kept }: VisibleRows): number[] {
  const visible: number[] = []
  const headed = new Set<string>()
  let foldedUntil = 0
  rows.forEach((row, position) => {
    if (row === undefined) {
      if (position >= foldedUntil) visible.push(position)
      return
    }
    const folded = foldedBy(row.span, story, collapsed)
    if (folded !== undefined) {
      const isHead = folded.hop.span === row.span && !headed.has(folded.hop.span)
      if (!isHead) return
      headed.add(folded.hop.span)
      foldedUntil = position + folded.rows
      visible.push(position)
    } else if (showAll || !isQuiet(row) || lineName(row) === kept) visible.push(position)
  })
  return visible
}

interface MatchingRows {
  story: Story
  matches: readonly Place[]
  /** Where steps open, as far as known. */
  openings: readonly Place[]
  order: 'tree' | 'cause' | 'clock'
}

/** A line and where it stands. */
interface Place {
  position: number
  /** As links name it. */
  name: string
}

/** Positions of the lines that match, and by call also of the openings of the steps that they lie in, ascending. */
export function listMatching({ story, matches, openings, order }: MatchingRows): number[] {
  const shown = new Set(matches.map((match) => match.position))
  if (order === 'tree') {
    const wanted = new Set<string>()
    for (const { name } of matches) {
      let step = story.steps.get(spanOf(name))
      for (; step !== undefined && !wanted.has(step.hop.span); step = parentOf(step, story)) wanted.add(step.hop.span)
    }
    for (const { position, name } of openings) if (wanted.has(spanOf(name))) shown.add(position)
  }
  return [...shown].toSorted((a, b) => a - b)
}

function spanOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf(':')))
}

function parentOf(step: Step, story: Story): Step | undefined {
  return step.hop.parentSpan === null ? undefined : story.steps.get(step.hop.parentSpan)
}

/** A line that says nothing beyond what the bars show: a call answered well, a step that ended well. */
export function isQuiet(row: SessionRow): boolean {
  return (row.kind === 'return' || row.kind === 'close') && row.status === 'ok' && row.message === ''
}

/** A line that tells of something that went wrong: an error, or a failed call of which its callee says nothing. */
export function isFault(row: SessionRow): boolean {
  if (row.kind === 'missing') return false
  return isError(row.level) || (row.kind === 'return' && row.status !== 'ok' && row.callee === undefined)
}

/** The outermost folded step that a span lies in. */
function foldedBy(span: string | null, story: Story, collapsed: ReadonlySet<string>): Step | undefined {
  if (span === null || collapsed.size === 0) return undefined
  let found: Step | undefined
  let step = story.steps.get(span)
  for (let guard = story.steps.size; step !== undefined && guard >= 0; guard -= 1) {
    if (collapsed.has(step.hop.span)) found = step
    step = parentOf(step, story)
  }
  return found
}

/** Index in `visible` of a position, or of the next one that is drawn. Binary search: `visible` ascends. */
export function indexOfPosition(visible: readonly number[], position: number): number {
  let [low, high] = [0, visible.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((visible[middle] ?? Infinity) < position) low = middle + 1
    else high = middle
  }
  return low
}
