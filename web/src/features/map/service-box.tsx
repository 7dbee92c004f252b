import type { MapService } from '@groundtrack/collector/api'
import { ServiceDot } from '../../components/service-chip'
import { NODE_STATES } from '../../lib/board-search'
import { formatCount } from '../../lib/format'
import { BOX, type Point } from '../../lib/map-layout'
import { formatRate, formatShare, STATE_SHAPES } from '../../lib/node-words'
import { serviceColour } from '../../lib/service-hue'

interface ServiceBoxProps {
  id: string
  /** Absent: nothing is known of it in the time that is shown. */
  service: MapService | undefined
  /** It called or was called. */
  isHeard: boolean
  place: Point
  isShown: boolean
  isDim: boolean
  onPress: () => void
}

/** A service: its nodes by state, and how many calls it answers. */
export function ServiceBox({ id, service, isHeard, place, isShown, isDim, onPress }: ServiceBoxProps) {
  return (
    <button
      type="button"
      className="map-box"
      aria-pressed={isShown}
      data-known={service?.known ?? true}
      data-silent={!isHeard}
      data-dim={isDim}
      style={{
        width: BOX.width,
        height: BOX.height,
        transform: `translate(${place.x - BOX.width / 2}px, ${place.y - BOX.height / 2}px)`,
        '--service': serviceColour(id),
      }}
      onClick={onPress}
    >
      <span className="map-box-name">
        <ServiceDot name={id} /> <b title={id}>{id}</b>
      </span>
      <span className="map-box-line">
        {service !== undefined && <Figures service={service} isHeard={isHeard} />}
        {service === undefined && 'silent'}
      </span>
    </button>
  )
}

function Figures({ service, isHeard }: { service: MapService; isHeard: boolean }) {
  const { known, nodes, callsPerSecond, errorShare } = service
  return (
    <>
      {known ? <NodeCounts nodes={nodes} /> : <span title="It never reported itself: only its callers tell of it">never reported</span>}
      <span className="map-box-rate">
        {isHeard ? callsPerSecond > 0 && `${formatRate(callsPerSecond)}/s` : 'silent'}
        {errorShare > 0 && <b className="map-wrong"> {formatShare(errorShare)}</b>}
      </span>
    </>
  )
}

export function NodeCounts({ nodes }: { nodes: MapService['nodes'] }) {
  return (
    <span className="map-nodes">
      {NODE_STATES.filter((state) => nodes[state] > 0).map((state) => (
        <span key={state} data-state={state} title={`${formatCount(nodes[state])} ${state}`}>
          <span className="map-nodes-shape" aria-hidden>
            {STATE_SHAPES[state]}
          </span>{' '}
          {formatCount(nodes[state])}
          <span className="visually-hidden"> {state}</span>
        </span>
      ))}
    </span>
  )
}
