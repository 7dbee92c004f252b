import type { SessionRow } from '@groundtrack/collector/api'
import { eventMs, type Step, type Story } from '../../lib/session-story'

/** How far a neighbour is looked for, in rows. */
const REACH = 300

/** Between which moments absent lines must lie: the lines of the same step before and after, else the step itself. */
export function gapOf(
  story: Story,
  rows: readonly (SessionRow | undefined)[],
  position: number,
  span: string,
  step: Step | undefined,
): { from: number; to: number } | undefined {
  const before = neighbour(story, rows, position, span, -1) ?? step?.startMs
  const after = neighbour(story, rows, position, span, 1) ?? step?.endMs
  if (before === undefined && after === undefined) return undefined
  return { from: before ?? after ?? 0, to: Math.max(before ?? 0, after ?? before ?? 0) }
}

function neighbour(
  story: Story,
  rows: readonly (SessionRow | undefined)[],
  position: number,
  span: string,
  by: 1 | -1,
): number | undefined {
  for (let reach = 1; reach <= REACH; reach += 1) {
    const row = rows[position + by * reach]
    if (row !== undefined && row.kind !== 'missing' && row.span === span) return eventMs(row, story)
  }
  return undefined
}
