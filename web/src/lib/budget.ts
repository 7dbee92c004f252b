import type { Step, Story } from './session-story'

/** How much of the deadline was left to a step or a call when it began. Moments are milliseconds from the start of the session. */
export interface Budget {
  from: number
  /** When the deadline strikes. */
  until: number
  remainingMs: number
  /** By how much it went on beyond the deadline; 0 where it kept it. */
  overMs: number
  /** A process in between knows no deadlines: the time spent there was not taken off, so that no more than this was left. */
  isUpperBound: boolean
}

/** Undefined where no deadline came with it. */
export function budgetOf(
  part: { remainingMs: number | undefined; startMs: number; endMs: number },
  step: Step | undefined,
  story: Story,
): Budget | undefined {
  const { remainingMs, startMs, endMs } = part
  if (remainingMs === undefined) return undefined
  const from = startMs - story.startMs
  const overMs = Math.max(0, endMs - startMs - remainingMs)
  return { from, until: from + remainingMs, remainingMs, overMs, isUpperBound: step !== undefined && cameThroughOthers(step, story) }
}

/** Deeper chains are followed no further. */
const ANCESTORS_MAX = 64

/** Some step above it ran in a process that passes the deadline on as it came. */
function cameThroughOthers(step: Step, story: Story): boolean {
  let above = parentOf(step, story)
  for (let left = ANCESTORS_MAX; above !== undefined && left > 0; left -= 1) {
    if (story.processes.get(above.hop.node)?.view.origin === 'otlp') return true
    above = parentOf(above, story)
  }
  return false
}

function parentOf({ hop }: Step, story: Story): Step | undefined {
  return hop.parentSpan === null ? undefined : story.steps.get(hop.parentSpan)
}
