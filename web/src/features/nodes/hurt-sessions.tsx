import type { BreakerHistory } from '@groundtrack/collector/api'
import { Link } from '@tanstack/react-router'
import { LogText } from '../../components/log-text'
import { OutcomeMark } from '../../components/outcome-mark'
import { countOf, formatCount } from '../../lib/format'
import { formatPrecise, formatTime } from '../../lib/instant'
import { lineOf, SessionLink } from './tripping-calls'

interface HurtSessionsProps {
  history: BreakerHistory
  most: number
}

/** Sessions that had a call which was not sent, and how they ended nevertheless. */
export function HurtSessions({ history, most }: HurtSessionsProps) {
  const { hurt, hurtSessions, recovered, breaker } = history
  if (hurtSessions === 0) return <p className="pane-note">No session was cut short by it in this time.</p>
  const rest = hurtSessions - Math.min(most, hurt.length)
  return (
    <>
      <p className="hurt-sum">
        <b>{countOf(hurtSessions, 'session')}</b> cut short while it was open
        {recovered > 0 && `, ${recovered === hurtSessions ? 'all' : formatCount(recovered)} of them ended well nevertheless`}.
      </p>
      <ol className="call-rows" aria-label="Sessions that were cut short">
        {hurt.slice(0, most).map((call) => (
          <li key={`${call.session} ${lineOf(call)}`} className="call-row">
            <OutcomeMark outcome={call.outcome} />
            <time className="mono" dateTime={call.time} title={formatPrecise(call.time)}>
              {formatTime(call.time)}
            </time>
            <span className="call-name">{call.sessionName === '' ? 'a session' : <LogText text={call.sessionName} />}</span>
            <span className="call-reason-quiet">
              <LogText text={call.name} />
            </span>
            <span className="call-took" />
            <SessionLink session={call.session} line={lineOf(call)}>
              session →
            </SessionLink>
          </li>
        ))}
      </ol>
      {rest > 0 && most < hurt.length && (
        <p className="pane-note">
          <Link to="/breakers/$breaker" params={{ breaker: breaker.id }} search={{}}>
            {`and ${formatCount(rest)} more →`}
          </Link>
        </p>
      )}
      {rest > 0 && most >= hurt.length && <p className="pane-note">{`and ${formatCount(rest)} more before these`}</p>}
    </>
  )
}
