import type { BreakerSpan } from '@groundtrack/collector/api'
import { formatDay, formatMinute } from '../lib/instant'
import { clockTicks, laneWords, placeLane } from '../lib/lane'
import './registry-marks.css'

interface LaneProps {
  lane: readonly BreakerSpan[]
  fromMs: number
  toMs: number
  name: string
}

const DAY_MS = 86_400_000

/** States of a breaker over time, from left to right. Their heights differ as their colours do. */
export function BreakerLane({ lane, fromMs, toMs, name }: LaneProps) {
  const words = `${name}: ${laneWords(lane, fromMs, toMs)}`
  return (
    <div className="breaker-lane" role="img" aria-label={words} title={words}>
      {placeLane(lane, fromMs, toMs).map((piece) => (
        <span
          key={`${piece.state} ${piece.at}`}
          data-breaker={piece.state}
          style={{ left: `${piece.at * 100}%`, width: `${piece.width * 100}%` }}
        />
      ))}
    </div>
  )
}

/** Times of the day below lanes. */
export function LaneAxis({ fromMs, toMs, count = 5 }: { fromMs: number; toMs: number; count?: number }) {
  return (
    <div className="lane-axis" aria-hidden>
      {clockTicks(fromMs, toMs, count).map((ms) => {
        const place = (ms - fromMs) / (toMs - fromMs)
        return (
          place < 0.97 && (
            <span key={ms} data-first={place < 0.03} style={{ left: `${place * 100}%` }}>
              {toMs - fromMs > DAY_MS ? `${formatDay(ms)} ${formatMinute(ms)}` : formatMinute(ms)}
            </span>
          )
        )
      })}
    </div>
  )
}
