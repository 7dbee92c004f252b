import type { NodeSkew } from '@groundtrack/collector/api'
import { formatDuration } from '../../lib/format'
import { MARK_TIPS } from '../../lib/session-words'
import { placeOf, type TimeWindow } from '../../lib/time-axis'
import { whiskerSpans } from '../../lib/whisker-spans'
import './whiskers.css'

/** Whiskers narrower than this share of the chart would only be noise. */
const LEAST = 0.004

interface WhiskersProps {
  skew: NodeSkew | undefined
  moments: readonly number[]
  window: TimeWindow
}

/** How sure the moments of a bar are: ± what the clocks may differ by; open to later where nobody answered, so that nothing bounds it. */
export function Whiskers({ skew, moments, window }: WhiskersProps) {
  if (skew === undefined || skew.error === 0) return null
  const { error } = skew
  if (error === null) {
    const place = placeOf(moments.at(-1) ?? 0, window)
    const isShown = skew.kind !== 'estimate' && place >= 0 && place <= 1
    return isShown && <span className="whisker whisker-open" style={{ left: `${place * 100}%` }} title={UNBOUNDED} />
  }
  if (error / (window.to - window.from) < LEAST) return null
  return whiskerSpans(moments, error).map(({ from, to }) => {
    const [left, right] = [Math.max(0, placeOf(from, window)), Math.min(1, placeOf(to, window))]
    if (right <= 0 || left >= 1) return null
    const style = { left: `${left * 100}%`, width: `${(right - left) * 100}%` }
    return <span key={from} className="whisker" style={style} title={`± ${formatDuration(error)}. ${MARK_TIPS.whisker}`} />
  })
}

/** How far the whiskers of a bar reach beyond its end, in milliseconds; 0 where none are drawn. */
export function whiskerReach(skew: NodeSkew | undefined, window: TimeWindow): number {
  const error = skew?.error ?? 0
  return error / (window.to - window.from) < LEAST ? 0 : error
}

const UNBOUNDED = 'Nothing came back that bounds this clock: it may all have happened later'
