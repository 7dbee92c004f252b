import { ArrowDown } from 'lucide-react'
import type { SessionSort } from '../../api/sessions'

const COLUMNS: { name: string; tip: string; sort?: SessionSort; className?: string }[] = [
  { name: 'Outcome', tip: 'ok ✓, failed ✕, running ◌, died †, unknown ?', className: 'cell-outcome' },
  { name: 'Start', tip: 'When its first line was written', sort: 'start' },
  { name: 'Session', tip: 'What its first step is called, and what went wrong' },
  { name: 'Duration', tip: 'From its first line to its last; bars of one list share a scale', sort: 'duration' },
  { name: 'Services', tip: 'Services that took part, in the order in which they came in', className: 'cell-services' },
  { name: 'Events', tip: 'Lines received', className: 'cell-count' },
  { name: 'Errors', tip: 'Lines of level error and up', sort: 'errors', className: 'cell-count' },
  { name: 'Missing', tip: 'Lines known to exist that have not arrived', className: 'cell-missing' },
]

/** Names of the columns; three of them sort. */
export function SessionTableHead({ sort, onSort }: { sort: SessionSort; onSort: (sort: SessionSort) => void }) {
  return (
    <div role="rowgroup" className="session-head">
      <div role="row" className="session-grid" aria-rowindex={1}>
        {COLUMNS.map(({ name, tip, sort: by, className }) => (
          <div
            key={name}
            role="columnheader"
            title={tip}
            className={className}
            aria-sort={by === undefined ? undefined : by === sort ? 'descending' : 'none'}
          >
            {by === undefined ? (
              <span className={name === 'Outcome' || name === 'Missing' ? 'visually-hidden' : undefined}>{name}</span>
            ) : (
              <button type="button" className="sort-button" onClick={() => onSort(by)}>
                {name}
                {by === sort && <ArrowDown size={12} aria-hidden />}
              </button>
            )}
          </div>
        ))}
      </div>
    </div>
  )
}
