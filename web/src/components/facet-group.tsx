import type { ReactNode } from 'react'
import { formatCount } from '../lib/format'
import './facet-group.css'

export interface FacetEntry {
  value: string
  count: number
  mark: ReactNode
  state: 'with' | 'without' | undefined
  onChoose: (without: boolean) => void
}

const SHOWN = 12

/** Values of one field. A click narrows to the value, alt-click leaves it out, once more takes that back. */
export function FacetGroup({ title, counted, entries }: { title: string; counted: string; entries: FacetEntry[] }) {
  if (entries.length === 0) return null
  return (
    <section className="facet-group">
      <h2>
        {title} <span>{counted}</span>
      </h2>
      <ul>
        {entries.slice(0, SHOWN).map((entry) => (
          <li key={entry.value}>
            <button
              type="button"
              className="facet"
              data-state={entry.state}
              data-level={title === 'Level' ? entry.value : undefined}
              aria-pressed={entry.state !== undefined}
              title="Click: only these. Alt-click: all but these"
              onClick={(event) => entry.onChoose(event.altKey)}
            >
              {entry.mark}
              <span className="facet-value">{entry.value}</span>
              <span className="facet-count">{formatCount(entry.count)}</span>
            </button>
          </li>
        ))}
      </ul>
      {entries.length > SHOWN && <p className="facet-more">and {entries.length - SHOWN} more</p>}
    </section>
  )
}
