import type { ReactNode } from 'react'
import './states.css'

/** Says that there is nothing, why, and what to do about it. `isPage`: it is all that the page has to say. */
export function EmptyState({ title, isPage = false, children }: { title: string; isPage?: boolean; children: ReactNode }) {
  return (
    <section className="empty-state">
      {isPage ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </section>
  )
}
