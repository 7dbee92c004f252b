import { ChevronDown, ChevronUp } from 'lucide-react'
import type { RowOrder, useFoundRows } from '../../api/session-rows'
import { FOUND_MAX } from '../../api/session-rows'
import { ApiFailure } from '../../api/client'
import { countOf, formatCount } from '../../lib/format'
import type { SessionSearch } from '../../lib/search-state'
import type { ChangeSession } from './session-page'
import { TabList } from './tab-list'
import type { LineTarget } from './use-line-targets'
import type { Selection } from './use-selection'
import './story-toolbar.css'

const ORDERS: { order: RowOrder; name: string; tip: string }[] = [
  { order: 'tree', name: 'By call', tip: 'Steps under the call that made them (1)' },
  { order: 'cause', name: 'By cause', tip: 'One list in which no line stands before what caused it (2)' },
  { order: 'clock', name: 'By clock', tip: 'As the clocks of the processes said; contradictions are marked (3)' },
]

interface StoryToolbarProps {
  search: SessionSearch
  change: ChangeSession
  found: ReturnType<typeof useFoundRows> | undefined
  matches: readonly LineTarget[]
  faults: readonly LineTarget[]
  selection: Selection
}

/** What was found, and in which order the lines stand. */
export function StoryToolbar({ search, change, found, matches, faults, selection }: StoryToolbarProps) {
  return (
    <div className="story-toolbar">
      <TabList tab={search.tab} onTab={(tab) => change({ tab })} />
      <div className="story-found" role="status">
        {found ? (
          <Found found={found} matches={matches} selection={selection} />
        ) : faults.length > 0 ? (
          <Stepper name="error" targets={faults} selection={selection} keys="e" />
        ) : null}
      </div>
      {search.tab === undefined && <ListOptions search={search} change={change} isFinding={found !== undefined} />}
    </div>
  )
}

/** How the list is to be shown: only what matches, every line, and in which order. */
function ListOptions({ search, change, isFinding }: { search: SessionSearch; change: ChangeSession; isFinding: boolean }) {
  const order = search.order ?? 'tree'
  return (
    <>
      {isFinding && (
        <label className="story-all" title="Leaves out the lines that do not match, but for the steps that the matches lie in">
          <input
            type="checkbox"
            checked={search.only === '1'}
            onChange={(event) => change({ only: event.target.checked ? '1' : undefined })}
          />{' '}
          only matches
        </label>
      )}
      <label className="story-all" title="Lines that only say “answered” and “done” too">
        <input type="checkbox" checked={search.all === '1'} onChange={(event) => change({ all: event.target.checked ? '1' : undefined })} />{' '}
        every line
      </label>
      <div className="segmented" role="group" aria-label="Order of the lines">
        {ORDERS.map((each) => (
          <button
            key={each.order}
            type="button"
            title={each.tip}
            aria-pressed={each.order === order}
            onClick={() => change({ order: each.order === 'tree' ? undefined : each.order })}
          >
            {each.name}
          </button>
        ))}
      </div>
    </>
  )
}

function Found({
  found,
  matches,
  selection,
}: {
  found: ReturnType<typeof useFoundRows>
  matches: readonly LineTarget[]
  selection: Selection
}) {
  if (found.error)
    return <span className="story-fault">{found.error instanceof ApiFailure ? found.error.message : 'The search failed.'}</span>
  if (found.isPending) return <span>Looking …</span>
  if (matches.length === 0) return <span>Nothing in this session matches</span>
  return <Stepper name="match" targets={matches} selection={selection} keys="n, N" atLeast={(found.data?.total ?? 0) > FOUND_MAX} />
}

interface StepperProps {
  name: string
  targets: readonly LineTarget[]
  selection: Selection
  keys: string
  atLeast?: boolean
}

/** "2 of 7 errors" with ways to the one before and after. */
function Stepper({ name, targets, selection, keys, atLeast = false }: StepperProps) {
  const at = targets.findIndex((target) => target.name === selection.name)
  const go = (index: number) => {
    const target = targets[(index + targets.length) % targets.length]
    if (target) selection.select(target)
  }
  const many = countOf(targets.length, name, name === 'match' ? 'matches' : `${name}s`)
  return (
    <>
      <span>
        {at === -1 ? '' : `${formatCount(at + 1)} of `}
        {many}
        {atLeast ? ' or more' : ''}
      </span>
      <button type="button" className="button button-icon" onClick={() => go(at === -1 ? -1 : at - 1)} aria-label={`Previous ${name}`}>
        <ChevronUp size={14} aria-hidden />
      </button>
      <button
        type="button"
        className="button button-icon"
        onClick={() => go(at + 1)}
        aria-label={`Next ${name}`}
        title={`Next ${name} (${keys})`}
      >
        <ChevronDown size={14} aria-hidden />
      </button>
    </>
  )
}
