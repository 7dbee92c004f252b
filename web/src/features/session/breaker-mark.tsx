import { Link } from '@tanstack/react-router'
import type { CallBreaker } from '../../lib/call-breaker'

const TURNED = { open: 'opened the breaker', closed: 'closed the breaker', half_open: 'half-opened the breaker' } as const
const PROBE = 'The breaker was half open: this one call was let through, to see whether it answers again'

/** What a breaker had to do with a call, where that is worth a word: a closed one is what everybody expects. */
export function BreakerMark({ breaker: { state, turned } }: { breaker: CallBreaker }) {
  return (
    <>
      {state === 'half_open' && (
        <span className="row-note" data-status="pending" title={PROBE}>
          ◐ probe
        </span>
      )}
      {turned && (
        <span
          className="row-note"
          data-status={turned.to === 'closed' ? 'ok' : 'cut'}
          title={`The breaker turned with this call: ${turned.reason}`}
        >
          ⌁ {TURNED[turned.to]}
        </span>
      )}
    </>
  )
}

/** To the page of a breaker: why it tripped, and whom it hurt. */
export function BreakerLink({ id, inRow = false, children }: { id: string; inRow?: boolean; children: string }) {
  return (
    <Link
      to="/breakers/$breaker"
      params={{ breaker: id }}
      className={inRow ? 'row-link' : undefined}
      tabIndex={inRow ? -1 : undefined} // the list is one stop for the keyboard; the panel beside it has the same link
      title="Why it tripped, and whom it hurt"
      onClick={(event) => event.stopPropagation()}
    >
      {children}
    </Link>
  )
}
