import type { BoardNode } from '@groundtrack/collector/api'
import { NodeStateMark } from '../../components/node-state'
import { ServiceDot } from '../../components/service-chip'
import { cardKey } from '../../lib/board-groups'
import { formatCount } from '../../lib/format'
import { formatRate } from '../../lib/node-words'
import { HourStrip } from './hour-strip'
import { LastBeat, Troubles, Uptime } from './node-card'

/** Each service that the process offers: how it is, and its last hour. */
export function OfferedServices({ services }: { services: readonly BoardNode[] }) {
  return (
    <ul className="offered">
      {services.map((node) => (
        <li key={cardKey(node)} className="offered-row">
          <span className="offered-name">
            <ServiceDot name={node.service} /> <b>{node.service}</b> <span className="board-aside">{node.version}</span>{' '}
            <span className="board-aside">{node.environment}</span>
          </span>
          <span className="offered-state">
            <NodeStateMark state={node.state} /> <LastBeat node={node} />
          </span>
          <HourStrip lastHour={node.lastHour} />
          <span className="node-card-line">
            <span>
              <b>{formatRate(node.sessionsPerSecond)}</b>/s sessions
            </span>
            <span data-wrong={node.errors > 0} title="In the last minute">
              <b>{formatCount(node.errors)}</b> {node.errors === 1 ? 'error' : 'errors'}
            </span>
            <Uptime node={node} />
            <Troubles node={node} />
          </span>
        </li>
      ))}
    </ul>
  )
}
