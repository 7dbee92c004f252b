import type { SessionRow } from '@groundtrack/collector/api'
import type { Step, Story } from './session-story'
import { isFault } from './visible-rows'

/**
 * Position of the line that says why a session went wrong: in the deepest failed step without a failed child the line that
 * the session's summary quotes, else its first error; else the first error at all. Undefined where no line tells of one.
 */
export function findCause(story: Story, rows: readonly (SessionRow | undefined)[]): number | undefined {
  const step = deepestFailed(story)
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

/** Of several equally deep ones that of the process which the summary names. */
function deepestFailed(story: Story): Step | undefined {
  const named = story.view.session.error?.node
  let found: Step | undefined
  for (const step of story.steps.values()) {
    const blameless = step.children.every((child) => !hasFailed(child))
    if (!hasFailed(step) || !blameless) continue
    const isDeeper = found === undefined || step.depth > found.depth
    const isNamed = found !== undefined && step.depth === found.depth && step.hop.node === named && found.hop.node !== named
    if (isDeeper || isNamed) found = step
  }
  return found
}

function hasFailed(step: Step): boolean {
  return step.hop.state === 'failed' || step.hop.state === 'died'
}
