import { useId, useRef, type KeyboardEvent } from 'react'
import { callEnds } from '../../../lib/call-ends'
import { formatDuration } from '../../../lib/format'
import { serviceColour } from '../../../lib/service-hue'
import type { Step, Story } from '../../../lib/session-story'
import type { Fault, Lane, Message } from '../../../lib/space-time'
import { axisTicks, placeOf, type TimeWindow } from '../../../lib/time-axis'
import type { Selection } from '../use-selection'
import { AXIS_WIDTH, PADDING } from './layout'
import { MessageLine } from './message-line'
import { journeyWords } from './message-words'
import { useDragAndWheel } from './use-drag-and-wheel'

export interface DiagramProps {
  lanes: readonly Lane[]
  messages: readonly Message[]
  faults: readonly Fault[]
  story: Story
  window: TimeWindow
  whole: TimeWindow
  width: number
  height: number
  selection: Selection
  onDrag: (window: TimeWindow | undefined) => void
  onZoom: (window: TimeWindow | undefined) => void
}

const TICKS = 8

/** The picture itself. For the keyboard and screen readers it is a list of messages, of which one is selected. */
export function Diagram(props: DiagramProps) {
  const { lanes, messages, faults, story, window, width, height, selection } = props
  const svg = useRef<SVGSVGElement>(null)
  const hasMoved = useDragAndWheel(svg, props)
  const id = useId()
  const xOf = (lane: number) => AXIS_WIDTH + (lane + 0.5) * width
  const yOf = (ms: number) => PADDING + placeOf(ms, window) * (height - 2 * PADDING)
  const choose = (line: string) => hasMoved() || selection.choose(line)
  const calls = messages.filter((message) => message.kind === 'call')
  const at = calls.findIndex((message) => message.line === selection.name)
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const next = calls[Math.min(calls.length - 1, Math.max(0, at + by))]
    if (by === 0 || next === undefined) return
    event.preventDefault()
    selection.choose(next.line)
  }
  const list = { role: 'listbox', tabIndex: 0, 'aria-label': 'Messages between processes', onKeyDown }
  return (
    <div className="space-time-list" {...(calls.length > 0 && list)} {...(at >= 0 && { 'aria-activedescendant': `${id}-${at}` })}>
      {calls.length === 0 && <p className="space-time-none">No process called another in this stretch of time.</p>}
      <svg ref={svg} width={AXIS_WIDTH + width * lanes.length} height={height} role="presentation">
        <g aria-hidden>
          {axisTicks(window, TICKS).map((ms) => (
            <g key={ms} className="space-time-tick">
              <line x1={AXIS_WIDTH - 6} x2={AXIS_WIDTH + width * lanes.length} y1={yOf(ms)} y2={yOf(ms)} />
              <text x={AXIS_WIDTH - 12} y={yOf(ms) + 4}>
                {ms === 0 ? '0' : formatDuration(ms)}
              </text>
            </g>
          ))}
          {lanes.map((lane, index) => (
            <g key={lane.process.view.id} style={{ '--service': serviceColour(lane.process.view.service) }}>
              <line className="lane-line" x1={xOf(index)} x2={xOf(index)} y1={0} y2={height} />
              {lane.steps.map((step) => (
                <StepBar
                  key={step.hop.span}
                  step={step}
                  story={story}
                  x={xOf(index)}
                  yOf={yOf}
                  height={height}
                  onChoose={choose}
                  selected={selection.name}
                />
              ))}
            </g>
          ))}
          {messages.map((message) =>
            message.kind === 'answer' ? (
              <MessageLine
                key={message.key}
                message={message}
                xOf={xOf}
                yOf={yOf}
                laneWidth={width}
                selected={message.line === selection.name}
                onChoose={choose}
              />
            ) : null,
          )}
        </g>
        {calls.map((message, index) => (
          <g
            key={message.key}
            role="option"
            id={`${id}-${index}`}
            aria-selected={index === at}
            aria-label={nameOf(message, story)}
            aria-posinset={index + 1}
            aria-setsize={calls.length}
          >
            <MessageLine
              message={message}
              xOf={xOf}
              yOf={yOf}
              laneWidth={width}
              selected={message.line === selection.name}
              onChoose={choose}
            />
          </g>
        ))}
        <g aria-hidden>
          {faults.map((fault) => (
            <g key={fault.line} className="fault" data-selected={fault.line === selection.name} onClick={() => choose(fault.line)}>
              <title>{fault.words}</title>
              <circle cx={xOf(fault.lane)} cy={yOf(fault.ms)} r={4} />
            </g>
          ))}
        </g>
      </svg>
    </div>
  )
}

interface StepBarProps {
  step: Step
  story: Story
  x: number
  yOf: (ms: number) => number
  height: number
  selected: string | undefined
  onChoose: (line: string) => void
}

function StepBar({ step, story, x, yOf, height, selected, onChoose }: StepBarProps) {
  const top = Math.max(-4, yOf(step.startMs - story.startMs))
  const isRunning = step.open && step.hop.state === 'running'
  const bottom = isRunning ? height : Math.min(height + 4, yOf(step.endMs - story.startMs))
  if (bottom < 0 || top > height) return null
  const line = `${step.hop.span}:1`
  return (
    <g className="step-bar" data-state={step.hop.state} data-selected={selected?.startsWith(step.hop.span)} onClick={() => onChoose(line)}>
      <title>{`${step.hop.service} ${step.hop.name}, ${isRunning ? 'running' : formatDuration(step.endMs - step.startMs)}`}</title>
      <rect x={x - 5} y={top} width={10} height={Math.max(2, bottom - top)} rx={3} />
      {step.hop.state === 'died' && (
        <text x={x} y={bottom + 12}>
          †
        </text>
      )}
      {step.hop.state === 'failed' && <rect className="step-bar-failed" x={x - 5} y={Math.max(top, bottom - 3)} width={10} height={3} />}
    </g>
  )
}

function nameOf(message: Message, story: Story): string {
  const { from, to } = callEnds(message.call, story)
  return `${from} called ${to} at ${formatDuration(message.from.ms)}, ${journeyWords(message)}`
}
