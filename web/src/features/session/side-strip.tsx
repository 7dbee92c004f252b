import type { SessionRow } from '@groundtrack/collector/api'
import { X } from 'lucide-react'
import type { SessionRows } from '../../api/session-rows'
import type { ValueFilter } from '../../components/attribute-tree'
import { EventDetail } from '../../components/event-detail'
import { MISSING_TIPS, missingWords, nothingCameWords } from '../../lib/missing-words'
import { formatTime } from '../../lib/instant'
import type { Story } from '../../lib/session-story'
import { AroundLinks } from './around-links'
import { breakerWordsOf } from './breaker-words'
import { ProcessList } from './process-list'
import { PropertyList } from './property-list'
import type { Folding } from './use-folding'
import type { Selection } from './use-selection'
import { WhyOrder } from './why-order'
import './side-strip.css'

interface SideStripProps {
  id: string
  story: Story
  lines: SessionRows
  version: string
  selection: Selection
  folding: Folding
  filter: ValueFilter
}

/** Who took part, and everything about the selected line. */
export function SideStrip({ id, story, lines, version, selection, folding, filter }: SideStripProps) {
  const { row, name, second } = selection
  return (
    <aside className="side-strip" aria-label="Processes and selected line" data-selected={row !== undefined && selection.isChosen}>
      <ProcessList story={story} folding={folding} />
      {name !== undefined && second !== undefined && (
        <WhyOrder {...{ id, story, lines, version, selection }} first={name} second={second.name} />
      )}
      {row && <SelectedLine row={row} story={story} selection={selection} filter={filter} />}
      <PropertyList story={story} lines={lines} selection={selection} />
    </aside>
  )
}

interface SelectedLineProps {
  row: SessionRow
  story: Story
  selection: Selection
  filter: ValueFilter
}

function SelectedLine({ row, story, selection, filter }: SelectedLineProps) {
  const process = row.kind === 'missing' ? undefined : story.processes.get(row.node)
  return (
    <section className="selected" aria-label="Selected line">
      <header>
        <h2>Selected</h2>
        {selection.second === undefined && selection.name !== undefined && (
          <button
            type="button"
            className="button button-quiet"
            onClick={() => selection.compare(selection.name)}
            title="Hold it against another line: press here, then select the other one (w, or Shift and click the other one)"
          >
            why this order?
          </button>
        )}
        <button
          type="button"
          className="button button-icon"
          onClick={() => selection.clear()}
          aria-label="Close the selected line"
          title="Close (Esc)"
        >
          <X size={14} aria-hidden />
        </button>
      </header>
      {row.kind === 'missing' ? (
        <>
          <p className="missing-text">{story.steps.get(row.span)?.hop.onlyNamed ? nothingCameWords(row) : missingWords(row)}</p>
          <p className="why-hint">
            {MISSING_TIPS[row.state]}.{row.time !== undefined && ` Written at about ${formatTime(row.time)}.`}
          </p>
        </>
      ) : (
        <>
          <EventDetail
            event={row}
            process={process?.name}
            skew={process?.skew}
            budgetMs={story.view.session.deadline?.budgetMs}
            breaker={breakerWordsOf(row, story)}
            filter={filter}
          />
          <AroundLinks event={row} process={process?.name ?? row.service} />
        </>
      )}
    </section>
  )
}
