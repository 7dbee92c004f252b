import { Link } from '@tanstack/react-router'
import { BREAKER_NAMES, BREAKER_TIPS, describeBreaker } from '../../lib/breaker-words'
import { countOf } from '../../lib/format'
import type { BreakerGroup } from '../../lib/group-breakers'

const SHOWN = 3
const SHAPES = { open: '⌁', half_open: '◐', unknown: '?', closed: '' } as const

/** The breakers that a process holds and that are not closed: whom it does not call just now. */
export function ProcessBreakers({ groups, nowMs }: { groups: readonly BreakerGroup[]; nowMs: number }) {
  const known = groups.filter(({ newest }) => newest.state !== 'unknown')
  const unknown = groups.filter(({ newest }) => newest.state === 'unknown').reduce((sum, { count }) => sum + count, 0)
  const rest = known.length - SHOWN
  if (groups.length === 0) return null
  return (
    <ul className="process-breakers">
      {known.slice(0, SHOWN).map(({ newest, count }) => (
        <li key={newest.id} data-breaker={newest.state}>
          <Link to="/breakers/$breaker" params={{ breaker: newest.id }} title={describeBreaker(newest, nowMs)}>
            <span aria-hidden>{SHAPES[newest.state]} </span>breaker to {newest.target.name}
          </Link>{' '}
          {BREAKER_NAMES[newest.state]}
          {count > 1 && <span title="To processes that bore this name, one after another"> ×{count}</span>}
        </li>
      ))}
      {rest > 0 && <li>and {rest} more</li>}
      {unknown > 0 && (
        <li title={BREAKER_TIPS.unknown}>
          <span aria-hidden>? </span>
          {countOf(unknown, 'breaker')}: nobody can say
        </li>
      )}
    </ul>
  )
}
