import { serviceColour } from '../../lib/service-hue'
import type { Step, Story } from '../../lib/session-story'

const STEP = 24
const DEEP = 10
const NARROW_STEP = 6
const BELOW_HEAD = 18
const FIRST = 4
const SHOWN = 12

/** Where the words of a step begin; from the tenth level on it is indented less, to leave room for them. */
export function indentOf(depth: number, belowHead: boolean): number {
  const steps = Math.min(depth, DEEP) * STEP + Math.max(0, depth - DEEP) * NARROW_STEP
  return FIRST + steps + (belowHead ? BELOW_HEAD : 0)
}

/** Thin lines in the colours of the steps that a row lies in. */
export function Guides({ step, story, isHead }: { step: Step | undefined; story: Story; isHead: boolean }) {
  const above: Step[] = []
  let each = isHead ? parentOf(step, story) : step
  while (each !== undefined && above.length < SHOWN) {
    above.push(each)
    each = parentOf(each, story)
  }
  return above.map((one) => (
    <span
      key={one.hop.span}
      className="guide-line"
      style={{ left: indentOf(one.depth, false) + 7, '--service': serviceColour(one.hop.service) }}
      aria-hidden
    />
  ))
}

function parentOf(step: Step | undefined, story: Story): Step | undefined {
  return step?.hop.parentSpan == null || step.depth === 0 ? undefined : story.steps.get(step.hop.parentSpan)
}
