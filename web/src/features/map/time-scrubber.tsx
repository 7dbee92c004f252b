import type { HistogramBucket } from '@groundtrack/collector/api'
import { useHistogram } from '../../api/histogram'
import { momentAt, momentWords, sliderOf } from '../../lib/map-time'
import { formatDay, formatMinute } from '../../lib/instant'
import { term } from '../../lib/query-tokens'
import { nameTimeRange, type Period, type TimeRange } from '../../lib/time-range'

interface TimeScrubberProps {
  range: TimeRange
  period: Period
  environment: string | undefined
  at: string | undefined
  onMove: (at: string | undefined) => void
}

const BUCKETS = 60

/** Which moment of the time is shown: all of it, now, or where the slider stands. Behind it, how much was written and what failed. */
export function TimeScrubber({ range, period, environment, at, onMove }: TimeScrubberProps) {
  const { count, value } = sliderOf(period, range, at)
  const q = environment === undefined ? '' : term('environment', environment)
  const { data } = useHistogram({ q, period, buckets: BUCKETS, by: 'level' })
  const words = at === undefined ? nameTimeRange(range) : momentWords(range, at)
  return (
    <div className="scrubber" role="group" aria-label="Time that the map shows">
      <div className="scrubber-choices">
        <button type="button" className="button" aria-pressed={at === undefined} onClick={() => onMove(undefined)}>
          Whole time
        </button>
        {range.kind === 'last' && (
          <button type="button" className="button" aria-pressed={at === 'now'} onClick={() => onMove('now')}>
            Now
          </button>
        )}
      </div>
      <div className="scrubber-track">
        <Bars buckets={data?.buckets ?? []} />
        <input
          type="range"
          min={1}
          max={count}
          step={1}
          value={value}
          data-whole={at === undefined}
          aria-label="Moment"
          aria-valuetext={words}
          onChange={(event) => onMove(momentAt(period, range, Number(event.target.value)))}
        />
      </div>
      <output className="scrubber-words">
        {at === undefined ? `${words} as a whole` : words}
        <span className="scrubber-from">
          from {formatDay(Date.parse(period.from))} {formatMinute(Date.parse(period.from))}
        </span>
      </output>
    </div>
  )
}

/** Events a stretch; the errors among them at the foot, however few. */
function Bars({ buckets }: { buckets: readonly HistogramBucket[] }) {
  const sums = buckets.map(({ start, counts }) => ({
    start,
    all: Object.values(counts).reduce((sum, count) => sum + count, 0),
    errors: (counts['error'] ?? 0) + (counts['critical'] ?? 0),
  }))
  const most = Math.max(1, ...sums.map(({ all }) => all))
  return (
    <span className="scrubber-bars" aria-hidden>
      {sums.map(({ start, all, errors }) => (
        <span key={start} style={{ height: `${(all / most) * 100}%` }}>
          {errors > 0 && <i style={{ height: `${Math.max(10, (errors / all) * 100)}%` }} />}
        </span>
      ))}
    </span>
  )
}
