import { Link } from '@tanstack/react-router'
import { CopyButton } from '../../components/copy-button'
import { LogText } from '../../components/log-text'
import { OutcomeMark } from '../../components/outcome-mark'
import { countOf, formatCount, formatDuration } from '../../lib/format'
import { formatPrecise, formatTime } from '../../lib/instant'
import { shortenId } from '../../lib/session-id'
import { tookMs, type Story } from '../../lib/session-story'
import { completenessWords } from '../../lib/missing-words'
import { headline } from '../../lib/session-words'
import './session-head.css'

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
        {session.errors > 0 && <li>{countOf(session.errors, 'error')}</li>}
        <li title={complete.tip}>
          received {formatCount(session.events)}
          <span className="session-dot"> · </span>
          <span className="completeness" data-tone={complete.tone}>
            {complete.tone === 'ok' && <span aria-hidden>✓ </span>}
            <span>{complete.words}</span>
          </span>
        </li>
        {session.derivedFrom !== undefined && (
          <li>
            derived from <SessionLink id={session.derivedFrom} />
          </li>
        )}
        {session.derived.length > 0 && <DerivedSessions ids={session.derived} />}
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

const DERIVED_SHOWN = 3

function DerivedSessions({ ids }: { ids: readonly string[] }) {
  const rest = ids.slice(DERIVED_SHOWN)
  return (
    <li className="session-derived">
      derived sessions{' '}
      {ids.slice(0, DERIVED_SHOWN).map((id) => (
        <SessionLink key={id} id={id} />
      ))}
      {rest.length > 0 && (
        <details>
          <summary>and {rest.length} more</summary>
          {rest.map((id) => (
            <SessionLink key={id} id={id} />
          ))}
        </details>
      )}
    </li>
  )
}

function SessionLink({ id }: { id: string }) {
  return (
    <Link to="/s/$session" params={{ session: id }} search={{}} title={id} className="mono">
      {shortenId(id)}
    </Link>
  )
}
