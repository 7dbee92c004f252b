import type { Outcome } from '@groundtrack/collector/api'
import type { ReactNode } from 'react'
import { useHistogram } from '../../api/histogram'
import type { useSessions } from '../../api/sessions'
import { levelTotals } from '../../components/event-histogram'
import { FacetGroup, type FacetEntry } from '../../components/facet-group'
import { OutcomeMark } from '../../components/outcome-mark'
import { ServiceDot } from '../../components/service-chip'
import { LEVELS } from '../../lib/levels'
import { addTerm, hasTerm, removeTerm, term } from '../../lib/query-tokens'
import type { Period } from '../../lib/time-range'

const OUTCOMES: Outcome[] = ['failed', 'died', 'running', 'ok', 'unknown']
const BUCKETS = 80

interface SessionFacetsProps {
  /** The expression as it is asked; `written` is the reader's part of it. */
  q: string
  written: string
  period: Period
  sessions: ReturnType<typeof useSessions>
  onSearch: (query: string) => void
}

/** Ways to narrow the search, with counts that say what they count. */
export function SessionFacets({ q, written, period, sessions, onSearch }: SessionFacetsProps) {
  const levels = levelTotals(useHistogram({ q, period, buckets: BUCKETS, by: 'level' }).data)
  const services = levelTotals(useHistogram({ q, period, buckets: BUCKETS, by: 'service' }).data)
  const listed = sessions.data?.pages.flatMap((page) => page.items) ?? []
  const narrow = (added: string, without: boolean) => {
    const wanted = without ? `-${added}` : added
    const cleared = removeTerm(removeTerm(written, added), `-${added}`)
    onSearch(hasTerm(written, wanted) ? cleared : addTerm(cleared, wanted))
  }
  const entry = (field: string, value: string, count: number, mark: ReactNode = null): FacetEntry => {
    const added = term(field, value)
    const state = hasTerm(written, added) ? 'with' : hasTerm(written, `-${added}`) ? 'without' : undefined
    return { value, count, mark, state, onChoose: (without) => narrow(added, without) }
  }
  const outcomes = OUTCOMES.map((outcome) =>
    entry('outcome', outcome, listed.filter((session) => session.outcome === outcome).length, <OutcomeMark outcome={outcome} />),
  ).filter((each) => each.count > 0 || each.state !== undefined)
  const names = Object.entries(services).toSorted((a, b) => b[1] - a[1])
  return (
    <aside className="facets" aria-label="Narrow the search">
      <FacetGroup title="Outcome" counted={sessions.hasNextPage ? `of the ${listed.length} listed` : 'sessions'} entries={outcomes} />
      <FacetGroup
        title="Service"
        counted="events"
        entries={names.map(([name, count]) => entry('service', name, count, <ServiceDot name={name} />))}
      />
      <FacetGroup
        title="Level"
        counted="events"
        entries={LEVELS.toReversed()
          .filter((level) => (levels[level] ?? 0) > 0)
          .map((level) => entry('level', level, levels[level] ?? 0))}
      />
    </aside>
  )
}
