import { Minus, Plus } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { SessionRows } from '../../../api/session-rows'
import { ServiceDot } from '../../../components/service-chip'
import { formatCount } from '../../../lib/format'
import { errorWords, skewWords } from '../../../lib/session-words'
import { drawSpaceTime, faultsIn, inWindow, type Lane } from '../../../lib/space-time'
import type { Story } from '../../../lib/session-story'
import { zoomWindow, type TimeWindow } from '../../../lib/time-axis'
import { useIsNarrow } from '../../../lib/use-is-narrow'
import type { Selection } from '../use-selection'
import { Diagram } from './diagram'
import { AXIS_WIDTH, laneWidth } from './layout'
import { MessageList } from './message-list'
import { useSize } from './use-size'
import './space-time.css'

/** More messages than these at once would be neither drawn quickly nor told apart. */
const MOST = 1_500

interface SpaceTimeTabProps {
  story: Story
  whole: TimeWindow
  zoom: TimeWindow
  onZoom: (window: TimeWindow | undefined) => void
  selection: Selection
  lines: SessionRows
}

/** Processes side by side, time downwards, messages as slanted lines: who told whom, and how surely. */
export function SpaceTimeTab({ story, whole, zoom, onZoom, selection, lines }: SpaceTimeTabProps) {
  const frame = useRef<HTMLDivElement>(null)
  const size = useSize(frame)
  const [dragged, setDragged] = useState<TimeWindow>()
  const window = dragged ?? zoom
  const { lanes, messages } = useMemo(() => drawSpaceTime(story), [story])
  const { shown, left } = useMemo(() => inWindow(messages, window, MOST), [messages, window])
  const faults = useMemo(() => faultsIn(lines.rows, story), [lines.rows, story])
  const width = laneWidth(size.width, lanes.length)
  const zoomBy = (factor: number) => onZoom(zoomWindow(zoom, whole, (zoom.from + zoom.to) / 2, factor))
  const isNarrow = useIsNarrow()
  if (isNarrow)
    return (
      <section className="space-time" aria-label="Messages in space and time">
        <MessageList messages={shown} story={story} selection={selection} />
        {left > 0 && <p className="space-time-left">and {formatCount(left)} more messages</p>}
      </section>
    )
  return (
    <section className="space-time" aria-label="Messages in space and time">
      <div className="space-time-bar">
        <p className="space-time-legend">
          <span className="legend-line" data-kind="call" /> call
          <span className="legend-line" data-kind="answer" /> answer
          <span className="legend-line" data-kind="failed" /> failed
          <span className="legend-dot" /> error
          <span className="legend-wedge" /> how sure its arrival is
        </p>
        {left > 0 && <p className="space-time-left">{formatCount(left)} more messages in this stretch: zoom in to see them</p>}
        <div className="space-time-zoom" role="group" aria-label="Zoom">
          <button type="button" className="button button-icon" onClick={() => zoomBy(0.5)} aria-label="Zoom in" title="Zoom in (+)">
            <Plus size={14} aria-hidden />
          </button>
          <button type="button" className="button button-icon" onClick={() => zoomBy(2)} aria-label="Zoom out" title="Zoom out (−)">
            <Minus size={14} aria-hidden />
          </button>
          <button type="button" className="button button-quiet" onClick={() => onZoom(undefined)} title="The whole session (0)">
            all
          </button>
        </div>
      </div>
      <div className="space-time-scroll">
        <div className="space-time-inner" style={{ width: AXIS_WIDTH + width * lanes.length }}>
          <ul className="space-time-names" style={{ marginLeft: AXIS_WIDTH }} aria-label="Processes">
            {lanes.map((lane) => (
              <LaneName key={lane.process.view.id} lane={lane} width={width} />
            ))}
          </ul>
          <div className="space-time-frame" ref={frame}>
            {size.height > 0 && (
              <Diagram
                lanes={lanes}
                messages={shown}
                faults={faults}
                story={story}
                window={window}
                whole={whole}
                width={width}
                height={size.height}
                selection={selection}
                onDrag={setDragged}
                onZoom={onZoom}
              />
            )}
          </div>
        </div>
      </div>
    </section>
  )
}

function LaneName({ lane: { process, steps }, width }: { lane: Lane; width: number }) {
  const { service } = process.view
  const isUnbounded = process.skew?.error === null && process.skew.kind !== 'estimate'
  const clock =
    skewWords(process.skew) ??
    (isUnbounded ? 'clock not bounded' : process.skew?.kind === 'estimate' ? '' : errorWords(process.skew).trim())
  return (
    <li style={{ width }} title={`${process.name} · ${steps.length} steps${clock === '' ? '' : ` · ${clock}`}`}>
      <span className="lane-name">
        <ServiceDot name={service} /> {process.name}
      </span>
      <span className="lane-clock">{clock}</span>
    </li>
  )
}
