import type { EventView } from '@groundtrack/collector/api'
import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { memo } from 'react'
import { AttributeLine } from '../../components/attribute-line'
import { EventDetail } from '../../components/event-detail'
import { LogText } from '../../components/log-text'
import { isProcessEvent, lineName } from '../../lib/event-link'
import { eventWords } from '../../lib/event-words'
import { formatPrecise, formatTime } from '../../lib/instant'
import { serviceColour } from '../../lib/service-hue'
import { shortenId } from '../../lib/session-id'

interface LogRowProps {
  event: EventView
  index: number
  isOpen: boolean
  onToggle: (id: string) => void
}

/** One line. Its text leads into its session; the arrow shows all that it carries. */
export const LogRow = memo(function LogRow({ event, index, isOpen, onToggle }: LogRowProps) {
  const words = eventWords(event)
  const text = (
    <>
      {words === '' ? <i className="log-empty">no message</i> : <LogText text={words} />}
      <AttributeLine attributes={event.attributes} />
    </>
  )
  return (
    <>
      <div role="row" aria-rowindex={index + 1} className="log-row" data-level={event.level} data-kind={event.kind} data-open={isOpen}>
        <div role="cell">
          <button
            type="button"
            className="log-toggle"
            aria-expanded={isOpen}
            aria-label="All that this line carries"
            onClick={() => onToggle(event.id)}
          >
            <ChevronRight size={14} aria-hidden />
          </button>
        </div>
        <div role="cell" className="log-time" title={formatPrecise(event.time)}>
          {formatTime(event.time)}
        </div>
        <div role="cell" className="log-level level-text">
          {event.level}
        </div>
        <div role="cell" className="log-service" style={{ color: serviceColour(event.service) }}>
          {event.service}
        </div>
        <div role="cell" className="log-message">
          {event.kind !== 'log' && <span className="log-kind">{event.kind}</span>}
          {isProcessEvent(event) ? (
            <button type="button" className="log-link" data-row-link onClick={() => onToggle(event.id)}>
              {text}
            </button>
          ) : (
            <Link
              to="/s/$session"
              params={{ session: event.session }}
              search={{ e: lineName(event) }}
              className="log-link"
              data-row-link
              title={`Open session ${shortenId(event.session)} at this line`}
            >
              {text}
            </Link>
          )}
        </div>
      </div>
      {isOpen && (
        <div role="row" className="log-detail">
          <div role="cell">
            <EventDetail event={event} />
            {!isProcessEvent(event) && (
              <Link to="/s/$session" params={{ session: event.session }} search={{ e: lineName(event) }}>
                Open session {shortenId(event.session)} at this line →
              </Link>
            )}
          </div>
        </div>
      )}
    </>
  )
})
