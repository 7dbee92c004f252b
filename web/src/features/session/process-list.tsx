import type { NodePage } from '@groundtrack/collector/api'
import { Link } from '@tanstack/react-router'
import { ChevronsDownUp, ChevronsUpDown } from 'lucide-react'
import { useMemo } from 'react'
import { useNodesNow } from '../../api/nodes-now'
import { ServiceDot } from '../../components/service-chip'
import { formatAge } from '../../lib/age'
import { groupBreakers } from '../../lib/group-breakers'
import { STATE_SHAPES, STATE_TIPS } from '../../lib/node-words'
import { skewWords } from '../../lib/session-words'
import type { Process, Story } from '../../lib/session-story'
import { ProcessBreakers } from './process-breakers'
import type { Folding } from './use-folding'

/** The processes that took part: how they were then and are now, whom they don't call just now, how their clocks stand to the first one's. */
export function ProcessList({ story, folding }: { story: Story; folding: Folding }) {
  const processes = useMemo(() => [...story.processes.values()], [story])
  const first = new Map(processes.toReversed().map((process) => [process.view.service, process]))
  const ids = useMemo(() => processes.filter(({ view }) => view.origin === undefined).map(({ view }) => view.id), [processes])
  const now = useNodesNow(ids)
  const here = useMemo(() => new Set(processes.map(({ view }) => view.id)), [processes])
  const died = useMemo(() => new Set(story.view.hops.filter(({ state }) => state === 'died').map(({ node }) => node)), [story])
  return (
    <section className="processes">
      <h2>Processes in this session</h2>
      <ul>
        {processes.map((process) => (
          <ProcessEntry
            key={process.view.id}
            process={process}
            now={now.get(process.view.id)}
            hasDied={died.has(process.view.id)}
            here={here}
            folding={first.get(process.view.service) === process ? folding : undefined}
          />
        ))}
      </ul>
    </section>
  )
}

interface ProcessEntryProps {
  process: Process
  /** What is known of it at this moment. */
  now: NodePage | undefined
  /** It was gone before a step of this session was done. */
  hasDied: boolean
  /** All that took part. */
  here: ReadonlySet<string>
  /** Of the first process of its service, which folds the steps of all of them. */
  folding: Folding | undefined
}

function ProcessEntry({ process: { view, name, skew }, now, hasDied, here, folding }: ProcessEntryProps) {
  const board = now?.services.find(({ service }) => service === view.service) ?? now?.services[0]
  const state = board?.state ?? view.state
  const apart = skewWords(skew)
  const address = view.address?.replace(/^https?:\/\//, '') ?? view.host
  const details = [view.version === '' ? undefined : view.version, address, apart].filter((each) => each !== undefined)
  const more = [apart, view.id, view.pid === undefined ? undefined : `pid ${view.pid}`, view.runtime].filter((each) => each !== undefined)
  return (
    <li className="process" title={more.join(' · ')}>
      <ServiceDot name={view.service} />
      <Link to="/nodes/$node" params={{ node: view.id }} className="process-name" title={`${name}: state, history and breakers`}>
        {name}
      </Link>
      {folding && <FoldService service={view.service} folding={folding} />}
      <span className="process-state" data-state={state} role="img" aria-label={STATE_TIPS[state]} title={STATE_TIPS[state]}>
        {STATE_SHAPES[state]}
      </span>
      <span className="process-details">
        {(state !== 'up' || hasDied) && (
          <span data-state={state}>
            {hasDied ? 'died in it' : 'then up'} · now {state}
            {board && now && state !== 'up' && ` for ${formatAge(Date.parse(now.asOf) - Date.parse(board.since))}`}
            {' · '}
          </span>
        )}
        {details.join(' · ')}
      </span>
      {now && (
        <ProcessBreakers
          groups={groupBreakers(
            now.breakers.filter(({ caller }) => caller.id === view.id),
            here,
          )}
          nowMs={Date.parse(now.asOf)}
        />
      )}
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
