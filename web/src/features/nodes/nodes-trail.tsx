import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** Where this page lies, with the way back to the board. */
export function NodesTrail({ children }: { children: ReactNode }) {
  return (
    <nav className="nodes-trail" aria-label="Where this page lies">
      <Link to="/nodes" search={{}}>
        Nodes
      </Link>
      <span aria-hidden>›</span>
      <span className="nodes-trail-here">{children}</span>
    </nav>
  )
}
