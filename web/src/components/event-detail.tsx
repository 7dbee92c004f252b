import type { EventFlag, EventView, NodeSkew } from '@groundtrack/collector/api'
import type { ReactNode } from 'react'
import { eventNumber } from '../lib/event-link'
import { budgetWords, valueWords } from '../lib/event-words'
import { epochMs, formatMicro, formatPrecise } from '../lib/instant'
import { formatDuration, formatOffset } from '../lib/format'
import { errorWords } from '../lib/session-words'
import { AttributeTree, type ValueFilter } from './attribute-tree'
import { LogText } from './log-text'
import { ServiceDot } from './service-chip'
import './event-detail.css'

const FLAG_WORDS: Record<EventFlag, string> = {
  sanitised: 'characters or values that cannot be stored were replaced',
  clock_suspect: 'its own time was unusable; this is when it was received',
  attributes_truncated: 'attributes were too large and were cut',
  level_unknown: 'its level was unknown and became info',
  duplicate_keys: 'a key stood twice; the last one won',
  old: 'older than retention when it arrived',
  process: 'an event of the process itself, outside any session',
}

interface EventDetailProps {
  event: EventView
  process?: string | undefined
  skew?: NodeSkew | undefined
  /** What the deadline was when the session began, in milliseconds. */
  budgetMs?: number | undefined
  /** The session's word on its breaker, in place of the event's own. */
  breaker?: ReactNode
  /** Its attributes can be clicked to filter by them. */
  filter?: ValueFilter | undefined
}

/** Everything that is known of one event. */
export function EventDetail({ event, process, skew, budgetMs, breaker, filter }: EventDetailProps) {
  const n = eventNumber(event)
  return (
    <div className="event-detail">
      {event.message !== '' && (
        <p className="event-message" data-level={event.level}>
          <LogText text={event.message} lines />
        </p>
      )}
      <dl>
        <Field name="service">
          <ServiceDot name={event.service} /> {process ?? event.service}
        </Field>
        {n !== undefined && <Field name="line">{`${n} of its step · clock ${event.clock?.join('.')}`}</Field>}
        <Field name="level">
          <span className="level-text" data-level={event.level}>
            {event.level}
          </span>
        </Field>
        {event.category !== '' && (
          <Field name="category">
            <LogText text={event.category} />
          </Field>
        )}
        <Field name="raw time">
          <time dateTime={event.time} title={formatPrecise(event.time)}>
            {formatMicro(event.time)}
          </time>
        </Field>
        {event.corrected !== undefined && event.corrected !== event.time && (
          <Field name="corrected">
            <time dateTime={event.corrected} title={formatPrecise(event.corrected)}>
              {formatMicro(event.corrected)}
            </time>{' '}
            <span className="event-aside">
              {formatOffset(epochMs(event.corrected) - epochMs(event.time))}
              {errorWords(skew)}
            </span>
          </Field>
        )}
        <Field name="received">{`${formatDuration(Math.max(0, epochMs(event.received) - epochMs(event.corrected ?? event.time)))} later`}</Field>
        <KindFields event={event} budgetMs={budgetMs} breaker={breaker} />
        {event.flags.map((flag) => (
          <Field key={flag} name="note">
            {FLAG_WORDS[flag]}
          </Field>
        ))}
      </dl>
      {event.attributes !== null && Object.keys(event.attributes).length > 0 && (
        <section aria-label="Attributes">
          <p className="event-part">Attributes</p>
          <AttributeTree value={event.attributes} filter={filter} />
        </section>
      )}
      {event.properties !== undefined && Object.keys(event.properties).length > 0 && (
        <section aria-label="Session properties known here">
          <p className="event-part">Session properties known here</p>
          <AttributeTree value={event.properties} filter={filter} />
        </section>
      )}
    </div>
  )
}

function KindFields({ event, budgetMs, breaker }: Pick<EventDetailProps, 'event' | 'budgetMs' | 'breaker'>) {
  const target = [event.target?.service, event.target?.version, event.target?.address].filter(Boolean).join(' · ')
  return (
    <>
      {event.kind !== 'log' && <Field name="kind">{event.kind}</Field>}
      {event.name !== undefined && (
        <Field name="name">
          <LogText text={event.name} />
        </Field>
      )}
      {target !== '' && (
        <Field name="target">
          <LogText text={target} />
        </Field>
      )}
      {event.status !== undefined && <Field name="status">{event.status}</Field>}
      {event.reason !== undefined && (
        <Field name="reason">
          <LogText text={event.reason} lines />
        </Field>
      )}
      {event.remainingMs !== undefined && (
        <Field name="budget">{`${budgetWords(event.remainingMs)}${budgetMs === undefined ? '' : ` of ${formatDuration(budgetMs)}`}`}</Field>
      )}
      {breaker !== undefined && <Field name="breaker">{breaker}</Field>}
      {breaker === undefined && event.breaker !== undefined && <Field name="breaker">{event.breaker.replace('_', '-')}</Field>}
      {breaker === undefined && event.to !== undefined && (
        <Field name="breaker">{`${event.from ?? '?'} → ${event.to}`.replaceAll('_', '-')}</Field>
      )}
      {event.oneway && <Field name="answer">none is awaited</Field>}
      {event.key !== undefined && (
        <Field name="property">
          <LogText text={`${event.key} = ${valueWords(event.value)}`} lines />
        </Field>
      )}
    </>
  )
}

function Field({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
