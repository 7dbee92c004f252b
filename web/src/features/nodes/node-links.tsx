import { Link } from '@tanstack/react-router'
import type { HistorySearch } from '../../lib/board-search'
import { both, term } from '../../lib/query-tokens'

/** Ways to what this process took part in and wrote, in the time of this page. */
export function NodeLinks({ id, range }: { id: string; range: HistorySearch }) {
  const own = term('node', id)
  // An event of the process itself is kept under its id.
  const ofProcess = term('session', id.replaceAll('-', ''))
  return (
    <nav className="node-links" aria-label="What it did">
      <Link to="/sessions" search={{ q: own, ...range }} className="button">
        Its sessions
      </Link>
      <Link to="/sessions" search={{ q: both(own, 'outcome:failed'), ...range }} className="button">
        Its failed sessions
      </Link>
      <Link to="/logs" search={{ q: both(own, 'level:>=error'), ...range }} className="button">
        Its errors
      </Link>
      <Link to="/logs" search={{ q: ofProcess, ...range }} className="button" title="Start, crash and whatever it wrote outside a session">
        Lines of the process itself
      </Link>
    </nav>
  )
}
