import { ChevronsDownUp, ChevronsUpDown } from 'lucide-react'
import { ServiceDot } from '../../components/service-chip'
import { PROCESS_STATE, skewWords } from '../../lib/session-words'
import type { Process, Story } from '../../lib/session-story'
import type { Folding } from './use-folding'

/** The processes that took part: how they are now, and how their clocks stand to the first one's. */
export function ProcessList({ story, folding }: { story: Story; folding: Folding }) {
  const processes = [...story.processes.values()]
  const first = new Map(processes.toReversed().map((process) => [process.view.service, process]))
  return (
    <section className="processes">
      <h2>Processes in this session</h2>
      <ul>
        {processes.map((process) => (
          <ProcessEntry
            key={process.view.id}
            process={process}
            folding={first.get(process.view.service) === process ? folding : undefined}
          />
        ))}
      </ul>
    </section>
  )
}

/** `folding`: of the first process of its service, which folds the steps of all of them. */
function ProcessEntry({ process: { view, name, skew }, folding }: { process: Process; folding: Folding | undefined }) {
  const state = PROCESS_STATE[view.state]
  const apart = skewWords(skew)
  const address = view.address?.replace(/^https?:\/\//, '') ?? view.host
  const details = [view.version === '' ? undefined : view.version, address, apart].filter((each) => each !== undefined)
  const more = [apart, view.id, view.pid === undefined ? undefined : `pid ${view.pid}`, view.runtime].filter((each) => each !== undefined)
  return (
    <li className="process" title={more.join(' · ')}>
      <ServiceDot name={view.service} />
      <span className="process-name">{name}</span>
      {folding && <FoldService service={view.service} folding={folding} />}
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

function FoldService({ service, folding }: { service: string; folding: Folding }) {
  const isFolded = folding.isServiceFolded(service)
  return (
    <button
      type="button"
      className="button button-icon process-fold"
      aria-pressed={isFolded}
      aria-label={`Collapse all steps of ${service}`}
      title={isFolded ? `Expand all steps of ${service} (})` : `Collapse all steps of ${service} ({)`}
      onClick={() => folding.foldService(service, !isFolded)}
    >
      {isFolded ? <ChevronsUpDown size={13} aria-hidden /> : <ChevronsDownUp size={13} aria-hidden />}
    </button>
  )
}
