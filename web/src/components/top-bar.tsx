import type { ReactNode } from 'react'
import './top-bar.css'

/** What stands on top of every page: the search bar, and beside it what else narrows the view. */
export function TopBar({ children }: { children: ReactNode }) {
  return <header className="top-bar">{children}</header>
}
