import type { MapEdge } from '@groundtrack/collector/api'
import { BreakerTag } from '../../components/breaker-state'
import { formatDuration } from '../../lib/format'
import type { Point } from '../../lib/map-layout'
import { describeEdge, toneOf, worstBreaker } from '../../lib/map-words'
import { formatRate, formatShare } from '../../lib/node-words'

interface EdgeLabelProps {
  /** Absent: no call in the time that is shown. */
  edge: MapEdge | undefined
  place: Point
  isShown: boolean
  isDim: boolean
  onPress: () => void
}

/** What is to be told of the calls from one service to another, on their line. */
export function EdgeLabel({ edge, place, isShown, isDim, onPress }: EdgeLabelProps) {
  if (edge === undefined) return null
  const breaker = worstBreaker(edge)
  const words = describeEdge(edge)
  return (
    <button
      type="button"
      className="map-label"
      aria-pressed={isShown}
      aria-label={words}
      title={words}
      data-dim={isDim}
      data-tone={toneOf(edge)}
      style={{ left: place.x, top: place.y }}
      onClick={onPress}
    >
      <span>
        {edge.calls === 0 ? 'no calls' : `${formatRate(edge.callsPerSecond)}/s`}
        {edge.errorShare > 0 && <b className="map-wrong"> {formatShare(edge.errorShare)}</b>}
      </span>
      {breaker !== undefined && breaker !== 'closed' ? (
        <BreakerTag state={breaker} />
      ) : (
        edge.p95Ms !== null && <span className="map-label-p95">p95 {formatDuration(edge.p95Ms)}</span>
      )}
    </button>
  )
}
