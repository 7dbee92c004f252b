import { Age } from '../../components/age'
import { BreakerTag } from '../../components/breaker-state'
import { sortBreakers, type ListedBreaker } from '../../lib/breaker-matrix'
import { BREAKER_STATES } from '../../lib/breaker-words'
import { countOf } from '../../lib/format'

interface BreakerListProps {
  breakers: readonly ListedBreaker[]
  chosen: string | undefined
  onChoose: (breaker: string) => void
  /** The matrix tells only services: the list names the nodes. */
  isPair: boolean
}

const MOST = 60

/** The same as the matrix, as a list: for narrow screens, and for the nodes of two services. */
export function BreakerList({ breakers, chosen, onChoose, isPair }: BreakerListProps) {
  const sorted = BREAKER_STATES.flatMap((state) => sortBreakers(breakers.filter((breaker) => breaker.state === state)))
  return (
    <ul className="breaker-list" data-pair={isPair}>
      {sorted.slice(0, MOST).map((breaker) => (
        <li key={breaker.id}>
          <button type="button" className="breaker-list-row" aria-pressed={breaker.id === chosen} onClick={() => onChoose(breaker.id)}>
            <BreakerTag state={breaker.state} />
            <span className="breaker-list-ends">
              {breaker.caller.name} → {breaker.target.name}
            </span>
            <span className="breaker-list-age">
              <Age since={breaker.since} short />
            </span>
          </button>
        </li>
      ))}
      {sorted.length > MOST && <li className="pane-note">{`and ${countOf(sorted.length - MOST, 'more breaker')}; the filter narrows`}</li>}
    </ul>
  )
}
