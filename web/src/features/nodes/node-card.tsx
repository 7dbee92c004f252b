import type { BoardNode } from '@groundtrack/collector/api'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { Age } from '../../components/age'
import { NodeStateMark } from '../../components/node-state'
import { countOf, formatCount } from '../../lib/format'
import { formatRate, STATE_TIPS } from '../../lib/node-words'
import { HourStrip } from './hour-strip'

/** One node: how it is, since when, where, and what it does. The whole card is the link. */
export const NodeCard = memo(function NodeCard({ node }: { node: BoardNode }) {
  return (
    <article className="node-card" data-state={node.state}>
      <header className="node-card-head">
        <NodeStateMark state={node.state} alone />
        <h3>
          <Link to="/nodes/$node" params={{ node: node.id }} search={{}} data-row-link className="node-card-link">
            {node.name}
          </Link>
        </h3>
        <span className="node-card-word" title={STATE_TIPS[node.state]} aria-hidden>
          {node.state}
        </span>
        <span className="node-card-beat mono">
          <LastBeat node={node} />
        </span>
      </header>
      <HourStrip lastHour={node.lastHour} />
      <p className="node-card-line">
        <span title="Sessions that it took part in, a second, over the last minute">
          <b>{formatRate(node.sessionsPerSecond)}</b>/s sessions
        </span>
        <span data-wrong={node.errors > 0} title={`Of ${countOf(node.events, 'line')} in the last minute`}>
          <b>{formatCount(node.errors)}</b> {node.errors === 1 ? 'error' : 'errors'}
        </span>
        <Uptime node={node} />
      </p>
      <p className="node-card-line node-card-where">
        <span className="node-card-address mono" title={whereWords(node)}>
          {node.address ?? node.host ?? 'no address'}
        </span>
        <Troubles node={node} />
      </p>
    </article>
  )
})

export function LastBeat({ node }: { node: BoardNode }) {
  if (node.lastBeat === null) return <span title="It never said that it is there">no heartbeat</span>
  return (
    <span title={`Its last heartbeat${node.ttlSeconds === null ? '' : `; it counts as there for ${node.ttlSeconds} s`}`}>
      beat <Age since={node.lastBeat} short /> ago
    </span>
  )
}

/** How long it has been running; of one that does not run, how long it has not. */
export function Uptime({ node }: { node: BoardNode }) {
  if (node.state === 'up')
    return (
      <span title="Since it was first seen">
        up <Age since={node.firstSeen} />
      </span>
    )
  if (node.state === 'unknown')
    return (
      <span title="Since it was first seen">
        first seen <Age since={node.firstSeen} short /> ago
      </span>
    )
  return (
    <span>
      {node.state} for <Age since={node.since} short />
    </span>
  )
}

/** Restarts, flaps and breakers to it, where there are any. */
export function Troubles({ node }: { node: BoardNode }) {
  return (
    <span className="node-troubles">
      {node.restarts > 0 && <span title="Processes that came at its address in the last hour">↻ {countOf(node.restarts, 'restart')}</span>}
      {node.flaps > 0 && <span title="Times that it went stale and came back, in the last hour">⇅ {countOf(node.flaps, 'flap')}</span>}
      {node.openBreakers > 0 && (
        <span data-wrong title="Breakers of others to it that are open or half-open">
          {countOf(node.openBreakers, 'open breaker')}
        </span>
      )}
    </span>
  )
}

function whereWords({ address, host, pid, runtime, sdk }: BoardNode): string {
  const parts = [address, host && `host ${host}`, pid !== undefined && `process ${pid}`, runtime, sdk].filter(Boolean)
  return parts.length === 0 ? 'It told no address' : parts.join(' · ')
}
