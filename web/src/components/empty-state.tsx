import type { ReactNode } from 'react'
import './states.css'

/** Says that there is nothing, why, and what to do about it. */
export function EmptyState({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="empty-state">
      <h2>{title}</h2>
      {children}
    </section>
  )
}
