import type { SessionRow } from '@groundtrack/collector/api'
import { X } from 'lucide-react'
import { AttributeTree } from '../../components/attribute-tree'
import { EventDetail } from '../../components/event-detail'
import { ServiceDot } from '../../components/service-chip'
import { missingWords, PROCESS_STATE, skewWords } from '../../lib/session-words'
import type { Process, Story } from '../../lib/session-story'

/** Who took part, and everything about the selected line. */
export function SideStrip({ story, row, onClose }: { story: Story; row: SessionRow | undefined; onClose: () => void }) {
  const { properties } = story.view.session
  return (
    <aside className="side-strip" aria-label="Processes and selected line" data-selected={row !== undefined}>
      <section className="processes">
        <h2>Processes in this session</h2>
        <ul>
          {[...story.processes.values()].map((process) => (
            <ProcessEntry key={process.view.id} process={process} />
          ))}
        </ul>
      </section>
      {row && (
        <section className="selected" aria-label="Selected line">
          <header>
            <h2>Selected</h2>
            <button type="button" className="button button-icon" onClick={onClose} aria-label="Close the selected line" title="Close (Esc)">
              <X size={14} aria-hidden />
            </button>
          </header>
          {row.kind === 'missing' ? (
            <p className="missing-text">{missingWords(row)}</p>
          ) : (
            <EventDetail event={row} process={story.processes.get(row.node)?.name} />
          )}
        </section>
      )}
      {Object.keys(properties).length > 0 && (
        <section className="session-properties">
          <h2>Session properties</h2>
          <AttributeTree value={properties} />
        </section>
      )}
    </aside>
  )
}

function ProcessEntry({ process: { view, name, skew } }: { process: Process }) {
  const state = PROCESS_STATE[view.state]
  const apart = skewWords(skew)
  const details = [view.version === '' ? undefined : view.version, view.address?.replace(/^https?:\/\//, '') ?? view.host, apart].filter(
    (each) => each !== undefined,
  )
  return (
    <li
      className="process"
      title={`${apart === undefined ? '' : `${apart} · `}${view.id}${view.pid === undefined ? '' : ` · pid ${view.pid}`}${view.runtime === undefined ? '' : ` · ${view.runtime}`}`}
    >
      <ServiceDot name={view.service} />
      <span className="process-name">{name}</span>
      <span className="process-state" data-state={view.state} role="img" aria-label={state.words} title={state.words}>
        {state.shape}
      </span>
      <span className="process-details">
        {view.state !== 'up' && <span data-state={view.state}>{view.state} · </span>}
        {details.join(' · ')}
      </span>
    </li>
  )
}
