import type { BreakerView } from '@groundtrack/collector/api'
import { Link } from '@tanstack/react-router'
import { Age } from '../../components/age'
import { BreakerTag } from '../../components/breaker-state'
import { LogText } from '../../components/log-text'
import { sortBreakers } from '../../lib/breaker-matrix'
import { countOf } from '../../lib/format'
import { CallerLink, TargetLink } from './breaker-head'

interface NodeBreakersProps {
  breakers: readonly BreakerView[]
  /** The other end of them. */
  side: 'caller' | 'target'
}

/** Breakers of one node, each with who is at its other end. */
export function NodeBreakers({ breakers, side }: NodeBreakersProps) {
  if (breakers.length === 0) return <p className="pane-note">{side === 'caller' ? 'Nobody has one for it.' : 'It has none.'}</p>
  return (
    <ul className="node-breakers">
      {sortBreakers(breakers).map((breaker) => (
        <li key={breaker.id}>
          <BreakerTag state={breaker.state} />
          <span className="node-breakers-end">
            {side === 'caller' ? <CallerLink breaker={breaker} /> : <TargetLink breaker={breaker} />}
          </span>
          <span className="node-breakers-why">
            <Age since={breaker.since} short />
            {breaker.failures > 0 && ` · ${countOf(breaker.failures, 'failure')}`}
            {breaker.state !== 'closed' && breaker.reason !== '' && (
              <>
                {' '}
                · <LogText text={breaker.reason} />
              </>
            )}
          </span>
          <Link to="/breakers/$breaker" params={{ breaker: breaker.id }} search={{}} className="session-ref">
            why and whom →
          </Link>
        </li>
      ))}
    </ul>
  )
}
