import type { SessionSummary } from '@groundtrack/collector/api'
import { Link } from '@tanstack/react-router'
import { LogText } from '../../components/log-text'
import { OutcomeMark } from '../../components/outcome-mark'
import { ServiceChip } from '../../components/service-chip'
import { countOf, formatCount, formatDuration } from '../../lib/format'
import { formatPrecise, formatTime } from '../../lib/instant'

interface SessionRowProps {
  session: SessionSummary
  index: number
  top: number
  height: number
  /** Share of the column that a duration takes, 0–1; more than 1 where it is off the scale. */
  scale: (ms: number) => number
  onService: (service: string) => void
}

/** One session: how it ended, when, what, how long, who, how much. The whole row is the link. */
export function SessionRow({ session, index, top, height, scale, onService }: SessionRowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="session-grid session-row"
      data-outcome={session.outcome}
      data-tall={session.error !== undefined}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      <div role="cell" className="cell-outcome">
        <OutcomeMark outcome={session.outcome} />
      </div>
      <div role="cell" className="cell-start mono" title={formatPrecise(session.started)}>
        {formatTime(session.started)}
      </div>
      <div role="cell" className="cell-name">
        <Link to="/s/$session" params={{ session: session.id }} search={{}} data-row-link className="session-link">
          {session.name === '' ? <i>no opening line</i> : <LogText text={session.name} />}
        </Link>
        {session.error && (
          <p className="session-error">
            {session.error.service}
            {session.error.message === '' ? (session.outcome === 'died' ? ' died' : ' failed') : ' · '}
            <LogText text={session.error.message} />
          </p>
        )}
      </div>
      <div role="cell" className="cell-duration">
        <span className="mono">
          {session.outcome === 'running' ? `${formatDuration(session.durationMs)} …` : formatDuration(session.durationMs)}
        </span>
        <span
          className="duration-bar"
          data-clipped={scale(session.durationMs) > 1}
          style={{ width: `${Math.min(1, scale(session.durationMs)) * 100}%` }}
        />
      </div>
      <div role="cell" className="cell-services" title={session.services.map((each) => each.name).join(', ')}>
        {session.services.map((service) => (
          <button
            key={service.name}
            type="button"
            tabIndex={-1} // the facets do the same for keys: seven stops a row would be in the way
            className="chip-button"
            title={`Only sessions with ${service.name}`}
            onClick={() => onService(service.name)}
          >
            <ServiceChip name={service.name} />
          </button>
        ))}
      </div>
      <div role="cell" className="cell-count mono">
        {formatCount(session.events)}
      </div>
      <div role="cell" className="cell-count mono" data-errors={session.errors > 0}>
        {session.errors > 0 ? formatCount(session.errors) : <span aria-label="none">–</span>}
      </div>
      <div role="cell" className="cell-missing mono">
        {session.missing > 0 && (
          <span title={`${countOf(session.missing, 'line')} exist and have not arrived`}>{formatCount(session.missing)} missing</span>
        )}
      </div>
    </div>
  )
}
