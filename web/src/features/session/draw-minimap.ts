import { serviceHue } from '../../lib/service-hue'
import type { Step, Story } from '../../lib/session-story'
import { placeOf, type TimeWindow } from '../../lib/time-axis'

const PADDING = 5
const LANE = 7

/** Draws each step as a line in its service's colour, failed ones and failed calls marked in red. Colours come from the page's tokens. */
export function drawMinimap(canvas: HTMLCanvasElement, story: Story, whole: TimeWindow): void {
  const { clientWidth: width, clientHeight: height } = canvas
  const context = canvas.getContext('2d')
  if (context === null || width === 0) return
  const ratio = devicePixelRatio
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  context.scale(ratio, ratio)

  const steps = inOrder(story.roots)
  const colours = readColours(canvas)
  const lane = Math.min(LANE, (height - 2 * PADDING) / Math.max(1, steps.length))
  const xOf = (ms: number) => placeOf(ms - story.startMs, whole) * width
  steps.forEach((step, index) => {
    const y = PADDING + index * lane
    const x = xOf(step.startMs)
    const length = Math.max(1.5, xOf(step.endMs) - x)
    context.globalAlpha = step.open ? 0.55 : 1
    context.fillStyle = colours.services[serviceHue(step.hop.service)] ?? colours.error
    context.fillRect(x, y, length, Math.max(1, Math.min(3, lane * 0.6)))
    if (step.hop.state === 'failed') {
      context.globalAlpha = 1
      context.fillStyle = colours.error
      context.fillRect(x + length - 2, y - 0.5, 3, Math.max(2.5, Math.min(4, lane * 0.6 + 1)))
    }
  })
  context.globalAlpha = 0.9
  context.fillStyle = colours.error
  for (const call of story.calls.values())
    if (['error', 'timeout', 'cut'].includes(call.view.status)) context.fillRect(xOf(call.endMs) - 1, height - PADDING - 1, 2, PADDING)
}

function inOrder(roots: readonly Step[]): Step[] {
  const steps: Step[] = []
  const waiting = roots.toReversed()
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    steps.push(step)
    waiting.push(...step.children.toReversed())
  }
  return steps
}

/** light-dark() only turns into a colour on an element, so a probe wears each one for a moment. */
function readColours(canvas: HTMLCanvasElement): { services: string[]; error: string } {
  const probe = document.createElement('span')
  canvas.parentElement?.append(probe)
  const read = (name: string) => {
    probe.style.color = `var(${name})`
    return getComputedStyle(probe).color
  }
  const colours = { services: [0, 1, 2, 3, 4, 5].map((hue) => read(`--service-${hue}`)), error: read('--error') }
  probe.remove()
  return colours
}
