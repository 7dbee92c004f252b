import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useBreakerHistory } from '../../api/breakers'
import { BreakerTag } from '../../components/breaker-state'
import { PanelError } from '../../components/panel-error'
import { SkeletonRows } from '../../components/skeleton'
import { readTimeRange } from '../../lib/time-range'
import { BreakerFacts, CallerLink, TargetLink } from './breaker-head'
import { HurtSessions } from './hurt-sessions'
import { TrippingCalls } from './tripping-calls'

const LAST_HOUR = readTimeRange('1h', undefined)
const MOST_HURT = 5

/** Why a breaker tripped last, and whom that hurt. Its page tells the rest. */
export function BreakerStory({ id, live, onClose }: { id: string; live: boolean; onClose: () => void }) {
  const { data, error, refetch } = useBreakerHistory(id, LAST_HOUR, live)
  const panel = useRef<HTMLElement>(null)
  const isLoaded = data !== undefined
  useEffect(() => {
    panel.current?.scrollIntoView({ block: 'nearest' })
  }, [isLoaded])
  const history = data?.pages[0]
  const trip = data?.pages.flatMap((page) => page.items).find((turn) => turn.to === 'open')
  return (
    <section ref={panel} className="breaker-story" data-breaker={history?.breaker.state} aria-label="The chosen breaker">
      <button
        type="button"
        className="button button-icon breaker-story-close"
        onClick={onClose}
        aria-label="Close this breaker"
        title="Close (Esc)"
      >
        <X size={14} aria-hidden />
      </button>
      {error && !history && <PanelError error={error} onRetry={() => void refetch()} compact />}
      {!history && !error && <SkeletonRows count={4} height={28} />}
      {history && (
        <>
          <header className="breaker-story-head">
            <BreakerTag state={history.breaker.state} />
            <span className="breaker-ends">
              <CallerLink breaker={history.breaker} /> → <TargetLink breaker={history.breaker} />
            </span>
            <BreakerFacts breaker={history.breaker} />
          </header>
          <h3 className="pane-title">Why it tripped</h3>
          {trip === undefined ? (
            <p className="pane-note">
              It did not open in the last hour{history.breaker.reason === '' ? '' : `. It said: “${history.breaker.reason}”`}.
            </p>
          ) : (
            <TrippingCalls turn={trip} />
          )}
          <h3 className="pane-title">Whom it hurt</h3>
          <HurtSessions history={history} most={MOST_HURT} />
          <p className="breaker-story-more">
            <Link to="/breakers/$breaker" params={{ breaker: id }} search={{}}>
              all its turns →
            </Link>
          </p>
        </>
      )}
    </section>
  )
}
