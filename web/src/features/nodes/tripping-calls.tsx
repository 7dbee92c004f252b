import type { BreakerCall, BreakerTurn } from '@groundtrack/collector/api'
import { Link } from '@tanstack/react-router'
import { LogText } from '../../components/log-text'
import { formatDuration } from '../../lib/format'
import { formatPrecise, formatTime } from '../../lib/instant'

/** The failed calls that opened a breaker, oldest first, each a link to its row in its session. */
export function TrippingCalls({ turn }: { turn: BreakerTurn }) {
  if (turn.trippedBy.length === 0)
    return (
      <p className="call-row call-row-cause">
        <LogText text={turn.reason === '' ? 'It gave no reason.' : turn.reason} />{' '}
        {turn.cause && (
          <SessionLink session={turn.cause.session} line={`${turn.cause.span}:${turn.cause.n}`}>
            session →
          </SessionLink>
        )}
      </p>
    )
  return (
    <ol className="call-rows" aria-label="Calls that failed">
      {turn.trippedBy.map((call) => (
        <li key={`${call.session} ${call.span}:${call.n}`} className="call-row">
          <span className="call-mark" aria-hidden>
            ✕
          </span>
          <time className="mono" dateTime={call.time} title={formatPrecise(call.time)}>
            {formatTime(call.time)}
          </time>
          <span className="call-name">{call.name === '' ? 'a call' : <LogText text={call.name} />}</span>
          <span className="call-reason mono" title={call.reason}>
            <LogText text={call.reason === '' ? call.status : call.reason} />
          </span>
          <span className="call-took">{call.durationMs === null ? '' : formatDuration(call.durationMs)}</span>
          <SessionLink session={call.session} line={lineOf(call)}>
            session →
          </SessionLink>
        </li>
      ))}
    </ol>
  )
}

export function lineOf({ span, n }: Pick<BreakerCall, 'span' | 'n'>): string {
  return `${span}:${n}`
}

export function SessionLink({ session, line, children }: { session: string; line: string; children: string }) {
  return (
    <Link to="/s/$session" params={{ session }} search={{ e: line }} className="session-ref">
      {children}
    </Link>
  )
}
