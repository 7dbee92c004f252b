import { Link } from '@tanstack/react-router'
import { isUnsettled } from '../../api/session'
import { CopyButton } from '../../components/copy-button'
import { LogText } from '../../components/log-text'
import { OutcomeMark } from '../../components/outcome-mark'
import { countOf, formatDuration } from '../../lib/format'
import { formatPrecise, formatTime } from '../../lib/instant'
import { shortenId } from '../../lib/session-id'
import { tookMs, type Story } from '../../lib/session-story'
import { completenessWords, headline } from '../../lib/session-words'

/** What went wrong and where; then the facts in one line. */
export function SessionHead({ story, onJump }: { story: Story; onJump: (() => void) | undefined }) {
  const { session, nodes } = story.view
  const complete = completenessWords(story)
  return (
    <header className="session-head">
      <div className="session-headline">
        <OutcomeMark outcome={session.outcome} />
        <h1>
          <LogText text={headline(story)} />
        </h1>
        {onJump && (
          <button type="button" className="button button-quiet" onClick={onJump} title="Go to the line that says why">
            jump ↓
          </button>
        )}
      </div>
      <ul className="session-facts">
        <li className="session-name">
          <LogText text={session.name === '' ? 'no opening line' : session.name} />
        </li>
        <li title={formatPrecise(session.started)}>{formatTime(session.started)}</li>
        {session.deadline && (
          <li title="The deadline it was given, and what was left of it">{deadlineWords(session.deadline.budgetMs, tookMs(story))}</li>
        )}
        <li>{`${countOf(session.services.length, 'service')}, ${countOf(nodes.length, 'process', 'processes')}`}</li>
        <li>
          {countOf(session.events, 'event')}
          {session.errors > 0 && `, ${countOf(session.errors, 'error')}`}
        </li>
        <li data-tone={complete.tone} title="Whether every line that was written is here">
          {complete.words}
        </li>
        {isUnsettled(story.view) && session.outcome === 'running' && <li className="session-following">follows</li>}
        {session.derivedFrom !== undefined && (
          <li>
            derived from{' '}
            <Link to="/s/$session" params={{ session: session.derivedFrom }} search={{}}>
              {shortenId(session.derivedFrom)}
            </Link>
          </li>
        )}
        {session.derived.slice(0, 3).map((derived) => (
          <li key={derived}>
            led to{' '}
            <Link to="/s/$session" params={{ session: derived }} search={{}}>
              {shortenId(derived)}
            </Link>
          </li>
        ))}
        <li className="session-id mono" title={session.id}>
          {shortenId(session.id)} <CopyButton text={session.id} label="Copy the session id" />
        </li>
      </ul>
    </header>
  )
}

function deadlineWords(budgetMs: number, durationMs: number): string {
  const left = budgetMs - durationMs
  return `deadline ${formatDuration(budgetMs)}, ${left >= 0 ? `${formatDuration(left)} left` : `${formatDuration(-left)} over`}`
}
