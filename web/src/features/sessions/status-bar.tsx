import type { useSessions } from '../../api/sessions'
import { countOf, formatCount } from '../../lib/format'
import { formatSecond } from '../../lib/instant'
import type { NewSessions } from './use-new-sessions'

interface StatusBarProps {
  sessions: ReturnType<typeof useSessions>
  listed: number
  news: NewSessions | undefined
  onLookAgain: () => void
}

/** How many there are, and how many came since; they enter the list only when asked to. */
export function StatusBar({ sessions, listed, news, onLookAgain }: StatusBarProps) {
  const total = sessions.data?.pages[0]?.total
  const hasNews = news !== undefined && news.count > 0
  return (
    <div className="status-bar" data-news={hasNews}>
      <span role="status">
        {hasNews && (
          <button type="button" className="button button-quiet" onClick={onLookAgain}>
            {formatCount(news.count)}
            {news.atLeast ? '+' : ''} new {news.count === 1 ? 'session' : 'sessions'} ↑
          </button>
        )}
        <span className="status-shown"> shown up to {formatSecond(sessions.dataUpdatedAt)}</span>
      </span>
      <span className="status-total">
        {total === undefined ? `${formatCount(listed)}${sessions.hasNextPage ? '+' : ''} sessions` : countOf(total.sessions, 'session')}
        {total !== undefined && total.failed > 0 && <b className="status-failed"> · {formatCount(total.failed)} failed</b>}
      </span>
    </div>
  )
}
