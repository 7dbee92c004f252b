import { formatDuration } from '../../lib/format'
import { axisTicks, placeOf, type TimeWindow } from '../../lib/time-axis'

const TICKS = 5

/** Moments above the bars, counted from the start of the session. */
export function TimeAxis({ window }: { window: TimeWindow }) {
  return (
    <div className="story-grid time-axis" aria-hidden>
      <span />
      <span />
      <span className="time-axis-name">from start</span>
      <div className="story-chart">
        {axisTicks(window, TICKS).map((ms) => {
          const place = placeOf(ms, window)
          return (
            place < 0.94 && (
              <span key={ms} className="time-tick" data-first={place < 0.02} style={{ left: `${place * 100}%` }}>
                {ms === 0 ? '0' : formatDuration(ms)}
              </span>
            )
          )
        })}
      </div>
    </div>
  )
}
