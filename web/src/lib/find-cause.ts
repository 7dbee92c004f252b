import type { SessionRow } from '@groundtrack/collector/api'
import type { Step, Story } from './session-story'
import { isFault } from './visible-rows'

/**
 * Position of the line that says why a session went wrong: the words that its summary quotes, else the first fault of the
 * deepest failed step without a failed child, else the first fault at all. Undefined where no loaded line tells of one.
 */
export function findCause(story: Story, rows: readonly (SessionRow | undefined)[]): number | undefined {
  const faults = rows.flatMap((row, position) => (row !== undefined && isFault(row) ? [{ row, position }] : []))
  const quoted = story.view.session.error?.message
  const said = faults.find(({ row }) => quoted !== undefined && row.kind !== 'missing' && row.kind !== 'close' && saysSo(row, quoted))
  if (said) return said.position
  const step = deepestFailed(story)
  const within = faults.find(({ row }) => row.span === step?.hop.span)
  return (within ?? faults[0])?.position
}

function saysSo(row: Exclude<SessionRow, { kind: 'missing' }>, quoted: string): boolean {
  return [row.message, row.reason].some(
    (words) => words !== undefined && words !== '' && (quoted.includes(words) || words.includes(quoted)),
  )
}

function deepestFailed(story: Story): Step | undefined {
  let found: Step | undefined
  for (const step of story.steps.values()) {
    const ended = step.hop.state === 'failed' || step.hop.state === 'died'
    const blameless = step.children.every((child) => child.hop.state !== 'failed' && child.hop.state !== 'died')
    if (ended && blameless && (found === undefined || step.depth > found.depth)) found = step
  }
  return found
}
