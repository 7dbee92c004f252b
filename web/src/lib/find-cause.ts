import type { SessionRow } from '@groundtrack/collector/api'
import type { Step, Story } from './session-story'
import { isFault } from './visible-rows'

/**
 * Position of the line that says why a session went wrong: of the step to blame the line that the session's
 * summary quotes, else its first error, else its last words; else the first error at all. Undefined where no line tells of one.
 */
export function findCause(story: Story, rows: readonly (SessionRow | undefined)[]): number | undefined {
  const step = findCulprit(story)
  const faults = rows.flatMap((row, position) => (row !== undefined && tellsOf(row) ? [{ row, position }] : []))
  const within = faults.filter(({ row }) => row.span === step?.hop.span)
  const logged = within.filter(({ row }) => row.kind === 'log')
  const quoted = logged.find(({ row }) => quotes(story.view.session.error?.message, row))
  const fallback = story.view.session.errors > 0 ? faults.find(({ row }) => isFault(row)) : undefined
  if (step?.hop.state === 'died') return lastOf(step, rows) ?? fallback?.position
  return (quoted ?? logged[0] ?? within[0] ?? fallback)?.position
}

/** The last words of a step that died. */
function lastOf(step: Step, rows: readonly (SessionRow | undefined)[]): number | undefined {
  const position = rows.findLastIndex((row) => row !== undefined && row.kind !== 'missing' && row.span === step.hop.span)
  return position === -1 ? undefined : position
}

function tellsOf(row: SessionRow): boolean {
  if (isFault(row)) return true
  return (row.kind === 'close' || row.kind === 'return') && row.status !== undefined && row.status !== 'ok'
}

function quotes(quoted: string | undefined, row: SessionRow): boolean {
  return (
    quoted !== undefined &&
    quoted !== '' &&
    row.kind !== 'missing' &&
    row.message !== '' &&
    (quoted.includes(row.message) || row.message.includes(quoted))
  )
}

/**
 * The step to blame: the deepest one that went the way of the session and has no such child; of several equally deep ones
 * that of the process which the summary names.
 */
export function findCulprit(story: Story): Step | undefined {
  const { outcome, error } = story.view.session
  const state = outcome === 'died' ? 'died' : 'failed'
  let found: Step | undefined
  for (const step of story.steps.values()) {
    if (step.hop.state !== state || step.children.some((child) => child.hop.state === state)) continue
    const isDeeper = found === undefined || step.depth > found.depth
    const isNamed = found !== undefined && step.depth === found.depth && step.hop.node === error?.node && found.hop.node !== error.node
    if (isDeeper || isNamed) found = step
  }
  return found
}
