import type { BreakerView } from '@groundtrack/collector/api'
import { Link } from '@tanstack/react-router'
import { Age } from '../../components/age'
import { BREAKER_NAMES, retestWords } from '../../lib/breaker-words'
import { countOf } from '../../lib/format'
import { formatSecond } from '../../lib/instant'
import { useServerNow } from '../../lib/server-clock'

/** Since when a breaker is as it is, and when it is tried again. */
export function BreakerFacts({ breaker }: { breaker: BreakerView }) {
  const retest = retestWords(breaker, useServerNow())
  return (
    <span className="breaker-facts">
      {breaker.state === 'unknown' ? (
        <>
          last heard of <Age since={breaker.since} /> ago
          {breaker.lastState !== undefined && ` as ${BREAKER_NAMES[breaker.lastState]}`}
        </>
      ) : (
        <>
          since {formatSecond(Date.parse(breaker.since))}, <Age since={breaker.since} />
        </>
      )}
      {breaker.failures > 0 && `, ${countOf(breaker.failures, 'failure')}`}
      {retest !== undefined && `, ${retest}`}
    </span>
  )
}

export function CallerLink({ breaker }: { breaker: Pick<BreakerView, 'caller'> }) {
  return (
    <Link to="/nodes/$node" params={{ node: breaker.caller.id }} search={{}} className="name-link">
      {breaker.caller.name}
    </Link>
  )
}

/** Something that never reported has an address and no page. */
export function TargetLink({ breaker }: { breaker: Pick<BreakerView, 'target'> }) {
  const { id, name } = breaker.target
  if (id === undefined) return <span className="name-link">{name}</span>
  return (
    <Link to="/nodes/$node" params={{ node: id }} search={{}} className="name-link">
      {name}
    </Link>
  )
}
