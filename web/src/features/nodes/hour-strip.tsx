import type { NodeState } from '@groundtrack/collector/api'
import { lastHourWords, readLastHour } from '../../lib/node-words'

const CELL = 5
const GAP = 1
const HEIGHT = 10
/** Top and height of a minute: its shape tells the state as its colour does. */
const SHAPES: Record<NodeState, [top: number, height: number]> = {
  up: [1, 8],
  stale: [4, 6],
  gone: [0, 10],
  restarting: [4, 6],
  unknown: [4, 2],
}

/** The state in each of the last 60 minutes, the newest at the right. */
export function HourStrip({ lastHour }: { lastHour: string }) {
  const minutes = readLastHour(lastHour)
  const width = Math.max(1, minutes.length) * (CELL + GAP) - GAP
  const words = `Last hour: ${lastHourWords(lastHour)}`
  return (
    <svg className="hour-strip" viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={words}>
      <title>{words}</title>
      {[...new Set(minutes)].map((state) => (
        <path key={state} data-state={state} d={pathOf(minutes, state)} />
      ))}
    </svg>
  )
}

/** One path for all minutes of a state: sixty elements a card would be a thousand on a board. */
function pathOf(minutes: readonly NodeState[], state: NodeState): string {
  const [top, height] = SHAPES[state]
  return minutes.map((each, index) => (each === state ? `M${index * (CELL + GAP)} ${top}h${CELL}v${height}h-${CELL}z` : '')).join('')
}
