import type { MapEdge, MapService, ServiceMap } from '@groundtrack/collector/api'
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { BreakerTag } from '../../components/breaker-state'
import { ServiceDot } from '../../components/service-chip'
import { pairName, readPair, type MapSearch } from '../../lib/board-search'
import { BREAKER_STATES } from '../../lib/breaker-words'
import { formatCount, formatDuration } from '../../lib/format'
import { sessionTimes } from '../../lib/map-time'
import { edgeKey, faultWords } from '../../lib/map-words'
import { formatRate, formatShare } from '../../lib/node-words'
import { both, term } from '../../lib/query-tokens'
import type { TimeRange } from '../../lib/time-range'
import { NodeCounts } from './service-box'

interface ShownPanelProps {
  map: ServiceMap
  search: MapSearch
  range: TimeRange
  onClose: () => void
}

/** What is to be told of the chosen service or calls, with the way to their sessions. */
export function ShownPanel({ map, search, range, onClose }: ShownPanelProps) {
  const { show, env, at, from, to } = search
  if (show === undefined) return <p className="map-hint">Choose a service or a line to see its figures and its sessions.</p>
  const ends = readPair(show)
  const inEnvironment = env === undefined ? '' : term('environment', env)
  const times = sessionTimes(range, at, from, to)
  const involved = ends === undefined ? term('services', show) : both(term('services', ends.caller), term('services', ends.callee))
  const q = both(involved, inEnvironment)
  return (
    <section className="map-shown" aria-label="What is chosen">
      <header>
        <h2>
          <ServiceDot name={ends?.caller ?? show} /> {ends === undefined ? show : `${ends.caller} → ${ends.callee}`}
        </h2>
        <button type="button" className="button button-icon" onClick={onClose} aria-label="Close what is chosen" title="Close (Esc)">
          <X size={14} aria-hidden />
        </button>
      </header>
      {ends === undefined ? (
        <OfService id={show} service={map.services.find(({ id }) => id === show)} env={env} />
      ) : (
        <OfCalls edge={map.edges.find((edge) => edgeKey(edge) === pairName(ends.caller, ends.callee))} env={env} />
      )}
      <nav className="map-links" aria-label="Sessions of what is chosen">
        <Link to="/sessions" search={{ q, ...times }} className="button">
          Sessions →
        </Link>
        <Link to="/sessions" search={{ q: both(q, 'outcome:failed'), ...times }} className="button">
          Failed ones →
        </Link>
      </nav>
    </section>
  )
}

function OfService({ id, service, env }: { id: string; service: MapService | undefined; env: string | undefined }) {
  if (service === undefined) return <p className="pane-note">Silent in this time.</p>
  return (
    <dl className="map-facts">
      {service.known ? (
        <Fact name="Nodes">
          <NodeCounts nodes={service.nodes} />{' '}
          <Link to="/nodes" search={{ q: id, ...(env !== undefined && { env }) }}>
            board →
          </Link>
        </Fact>
      ) : (
        <Fact name="Nodes">never reported: only its callers tell of it</Fact>
      )}
      <Fact name="Answers">{formatRate(service.callsPerSecond)} calls/s</Fact>
      <Fact name="Failed">{formatShare(service.errorShare)}</Fact>
    </dl>
  )
}

function OfCalls({ edge, env }: { edge: MapEdge | undefined; env: string | undefined }) {
  if (edge === undefined) return <p className="pane-note">No call in this time.</p>
  const faults = faultWords(edge)
  return (
    <dl className="map-facts">
      <Fact name="Calls">
        {formatCount(edge.calls)}, {formatRate(edge.callsPerSecond)}/s
      </Fact>
      <Fact name="Failed">
        {formatShare(edge.errorShare)}
        {faults !== '' && <span className="map-aside"> {faults}</span>}
      </Fact>
      <Fact name="Took">
        {edge.p95Ms === null || edge.p50Ms === null
          ? 'no answer was timed'
          : `half within ${formatDuration(edge.p50Ms)}, p95 ${formatDuration(edge.p95Ms)}`}
      </Fact>
      <Fact name="Breakers">
        {BREAKER_STATES.filter((state) => edge.breakers[state] > 0).map((state) => (
          <span key={state} className="map-breakers">
            {formatCount(edge.breakers[state])} <BreakerTag state={state} />
          </span>
        ))}
        {BREAKER_STATES.every((state) => edge.breakers[state] === 0) ? (
          'none'
        ) : (
          <Link to="/nodes" search={{ pair: edgeKey(edge), view: 'breakers', ...(env !== undefined && { env }) }}>
            matrix →
          </Link>
        )}
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
