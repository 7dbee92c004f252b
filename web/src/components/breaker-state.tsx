import type { BreakerState } from '@groundtrack/collector/api'
import { BREAKER_NAMES, BREAKER_TIPS } from '../lib/breaker-words'
import './registry-marks.css'

/** A breaker's state as a tag with its word. */
export function BreakerTag({ state }: { state: BreakerState }) {
  return (
    <span className="breaker-tag" data-breaker={state} title={BREAKER_TIPS[state]}>
      {BREAKER_NAMES[state]}
    </span>
  )
}
