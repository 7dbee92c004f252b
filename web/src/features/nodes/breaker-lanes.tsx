import { useState } from 'react'
import { BreakerLane, LaneAxis } from '../../components/breaker-lane'
import { sortBreakers, type ListedBreaker } from '../../lib/breaker-matrix'
import { countOf } from '../../lib/format'
import { laneSeconds } from '../../lib/lane'
import { useServerNow } from '../../lib/server-clock'
import { nameTimeRange } from '../../lib/time-range'

interface BreakerLanesProps {
  breakers: readonly ListedBreaker[]
  chosen: string | undefined
  onChoose: (breaker: string) => void
}

const MOST = 8

/** It opened within the hour; that its caller fell silent is no turn. */
function hasTurned({ lane }: ListedBreaker): boolean {
  return lane.some(({ state }) => state === 'open' || state === 'half_open')
}

/** The last hour of each breaker that turned in it. */
export function BreakerLanes({ breakers, chosen, onChoose }: BreakerLanesProps) {
  const now = useServerNow()
  const [isWhole, setIsWhole] = useState(false)
  const turned = sortBreakers(breakers.filter(hasTurned))
  if (turned.length === 0) return <p className="pane-note">None of them turned in the last hour.</p>
  const shown = isWhole ? turned : turned.slice(0, MOST)
  const seconds = laneSeconds(
    turned.map(({ lane }) => lane),
    now,
  )
  const span = { fromMs: now - seconds * 1_000, toMs: now }
  return (
    <section className="lanes" aria-label="Turns of the breakers">
      <h3 className="pane-title">{nameTimeRange({ kind: 'last', seconds })}</h3>
      <ul>
        {shown.map((breaker) => {
          const name = `${breaker.caller.name} → ${breaker.target.name}`
          return (
            <li key={breaker.id} className="lanes-row">
              <button
                type="button"
                className="lanes-name"
                aria-pressed={breaker.id === chosen}
                onClick={() => onChoose(breaker.id)}
                title={name}
              >
                {name}
              </button>
              <BreakerLane lane={breaker.lane} name={name} {...span} />
            </li>
          )
        })}
      </ul>
      <div className="lanes-row">
        <span />
        <LaneAxis {...span} />
      </div>
      {turned.length > MOST && (
        <button type="button" className="button button-quiet" onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? 'show fewer' : `show all ${countOf(turned.length, 'breaker')} that turned`}
        </button>
      )}
    </section>
  )
}
