import { formatDuration } from '../../../lib/format'
import type { Message } from '../../../lib/space-time'
import { hasFailed } from '../../../lib/summarise'

/** How far a message goes of which nobody knows where to, in shares of a lane. */
const STUB = 0.32
/** Where nothing bounds the clocks, its arrival is drawn this uncertain. */
const OPEN_PX = 26
const LEAST_WEDGE_PX = 3

interface MessageLineProps {
  message: Message
  xOf: (lane: number) => number
  yOf: (ms: number) => number
  laneWidth: number
  selected: boolean
  onChoose: (line: string) => void
}

/** A message from line to line, with a wedge at its end that covers all moments at which it may have arrived. */
export function MessageLine({ message, xOf, yOf, laneWidth, selected, onChoose }: MessageLineProps) {
  const { from, to, aim, spreadMs, kind, call, line } = message
  const [x1, y1] = [xOf(from.lane), yOf(from.ms)]
  const isFailed = hasFailed(call)
  const direction = to === undefined ? ((aim ?? from.lane + 1) >= from.lane ? 1 : -1) : Math.sign(to.lane - from.lane)
  const isSelf = direction === 0
  const x2 = to === undefined ? x1 + direction * laneWidth * STUB : xOf(to.lane) - direction * 5
  const y2 = to === undefined ? y1 + 14 : yOf(to.ms)
  const start = x1 + direction * 5
  const path = isSelf ? `M ${x1 + 5} ${y1} q 26 ${(y2 - y1) / 2} 0 ${y2 - y1}` : `M ${start} ${y1} L ${x2} ${y2}`
  const spread = spreadMs === null ? OPEN_PX : Math.abs(yOf(from.ms + spreadMs) - y1)
  return (
    <g
      className="message"
      data-kind={kind}
      data-failed={isFailed}
      data-selected={selected}
      data-open={spreadMs === null}
      onClick={() => onChoose(line)}
    >
      <title>{titleOf(message)}</title>
      {to !== undefined && !isSelf && spread >= LEAST_WEDGE_PX && (
        <path className="message-wedge" d={`M ${start} ${y1} L ${x2} ${y2 - spread} L ${x2} ${y2 + spread} Z`} />
      )}
      <path className="message-reach" d={path} />
      <path className="message-line" d={path} />
      {to === undefined ? (
        <text className="message-lost" x={x2} y={y2 + 4}>
          ✕
        </text>
      ) : (
        !isSelf && <path className="message-head" d={headOf(x2, y2, start, y1)} />
      )}
    </g>
  )
}

const HEAD_PX = 8

/** An arrow's head at (x, y), coming from (fromX, fromY). */
function headOf(x: number, y: number, fromX: number, fromY: number): string {
  const angle = Math.atan2(y - fromY, x - fromX)
  const corner = (turn: number) => `${x - HEAD_PX * Math.cos(angle + turn)} ${y - HEAD_PX * Math.sin(angle + turn)}`
  return `M ${x} ${y} L ${corner(0.38)} L ${corner(-0.38)} Z`
}

function titleOf({ kind, from, to, spreadMs, call }: Message): string {
  const name = call.view.name ?? call.view.target?.service ?? 'call'
  const sure = spreadMs === null ? 'nothing bounds the two clocks' : spreadMs > 0 ? `± ${formatDuration(spreadMs)}` : 'one clock'
  if (to === undefined) {
    const got = call.view.callee === undefined ? 'nobody was seen to get it' : 'answered by a process of which nothing came'
    return `${name}: sent at ${formatDuration(from.ms)}, ${got} (${call.view.status})`
  }
  return `${kind === 'call' ? name : `answer to ${name}`}: ${formatDuration(from.ms)} → ${formatDuration(to.ms)}, ${sure}`
}
