import type { BreakerTurn } from '@groundtrack/collector/api'
import type { useBreakerHistory } from '../../api/breakers'
import { BreakerTag } from '../../components/breaker-state'
import { LogText } from '../../components/log-text'
import { PanelError } from '../../components/panel-error'
import { formatAge } from '../../lib/age'
import { countOf } from '../../lib/format'
import { formatDay, formatTime } from '../../lib/instant'
import { lineOf, SessionLink, TrippingCalls } from './tripping-calls'

/** Every turn, newest first; those to open with the calls that failed before. */
export function TurnList({ history }: { history: ReturnType<typeof useBreakerHistory> }) {
  const turns = history.data?.pages.flatMap((page) => page.items) ?? []
  if (turns.length === 0) return <p className="pane-note">It did not turn in this time.</p>
  return (
    <>
      <ol className="turns">
        {turns.map((turn) => (
          <Turn key={`${turn.time} ${turn.from} ${turn.to}`} turn={turn} />
        ))}
      </ol>
      {history.hasNextPage && (
        <button type="button" className="button" disabled={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          {history.isFetchingNextPage ? 'Loading earlier turns …' : 'Earlier turns'}
        </button>
      )}
      {history.isFetchNextPageError && <PanelError error={history.error} onRetry={() => void history.fetchNextPage()} compact />}
    </>
  )
}

function Turn({ turn }: { turn: BreakerTurn }) {
  const { time, to, failures, reason, retestAt, cause } = turn
  return (
    <li className="turn" data-breaker={to}>
      <p className="turn-head">
        <time className="mono" dateTime={time} title={time}>
          <span className="turn-day">{formatDay(Date.parse(time))}</span> {formatTime(time)}
        </time>
        <BreakerTag state={to} />
        <span className="turn-reason">
          {reason === '' ? '' : <LogText text={reason} />}
          {failures > 0 && <span className="turn-aside"> after {countOf(failures, 'failure')}</span>}
          {to === 'open' && retestAt !== undefined && (
            <span className="turn-aside"> · next try after {formatAge(Date.parse(retestAt) - Date.parse(time))}</span>
          )}
        </span>
        {cause && (
          <SessionLink session={cause.session} line={lineOf(cause)}>
            session →
          </SessionLink>
        )}
      </p>
      {turn.trippedBy.length > 0 && <TrippingCalls turn={turn} />}
    </li>
  )
}
