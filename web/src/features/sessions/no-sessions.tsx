import { useState } from 'react'
import { useAnySession } from '../../api/sessions'
import { EmptyState } from '../../components/empty-state'
import { SkeletonRows } from '../../components/skeleton'
import { formatPrecise } from '../../lib/instant'
import type { ListChange } from '../../lib/search-state'
import { nameTimeRange, type TimeRange } from '../../lib/time-range'
import { FirstMinute } from './first-minute'

interface NoSessionsProps {
  q: string
  range: TimeRange
  onChange: (changes: ListChange) => void
  onLookAgain: () => void
}

/** Nothing matches: says what could be changed. Nothing was ever received: the guide. */
export function NoSessions({ q, range, onChange, onLookAgain }: NoSessionsProps) {
  const { data: newest, isPending } = useAnySession(true)
  // The guide stays when the first session comes: it is where the link to it appears.
  const [isFirst, setIsFirst] = useState(false)
  if (newest === null && !isFirst) setIsFirst(true)
  if (isPending) return <SkeletonRows count={8} height={35} />
  if (newest == null || isFirst) return <FirstMinute onLookAgain={onLookAgain} />
  return (
    <EmptyState title={q === '' ? 'No sessions in this time' : 'No session matches'}>
      <p>
        {q === '' ? 'Nothing started in' : `Nothing matches ${q} in`} “{nameTimeRange(range)}”. The newest session of all started{' '}
        {formatPrecise(newest.started)}.
      </p>
      <div className="empty-actions">
        {q !== '' && (
          <button type="button" className="button" onClick={() => onChange({ q: undefined, env: undefined })}>
            Clear the search
          </button>
        )}
        <button type="button" className="button" onClick={() => onChange({ from: '7d', to: undefined })}>
          Search the last 7 days
        </button>
        <button type="button" className="button" onClick={onLookAgain}>
          Look again
        </button>
      </div>
    </EmptyState>
  )
}
