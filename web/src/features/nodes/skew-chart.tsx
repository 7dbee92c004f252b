import type { PairSkew } from '@groundtrack/collector/api'
import { Link } from '@tanstack/react-router'
import { useNodeSkew } from '../../api/nodes'
import { PanelError } from '../../components/panel-error'
import { ServiceDot } from '../../components/service-chip'
import { SkeletonRows } from '../../components/skeleton'
import { countOf, formatDuration } from '../../lib/format'
import { placeSkew, skewReach, skewWords } from '../../lib/skew-scale'
import { nameTimeRange, type TimeRange } from '../../lib/time-range'

/** How far other clocks are ahead of this node's or behind, as bars between their bounds. */
export function SkewChart({ id, range }: { id: string; range: TimeRange }) {
  const { data, error, refetch } = useNodeSkew(id, range)
  if (error && !data) return <PanelError error={error} onRetry={() => void refetch()} compact />
  if (!data) return <SkeletonRows count={3} height={34} />
  if (data.pairs.length === 0)
    return (
      <p className="pane-note">{`No calls with others (${nameTimeRange(range).toLowerCase()}) by which their clocks could be compared.`}</p>
    )
  const reach = skewReach(data.pairs)
  return (
    <>
      <ul className="skews">
        {data.pairs.map((pair) => (
          <Skew key={pair.other.id} pair={pair} reach={reach} />
        ))}
      </ul>
      <div className="skew-axis" aria-hidden>
        <span>−{formatDuration(reach)}</span>
        <span>this node’s clock</span>
        <span>+{formatDuration(reach)}</span>
      </div>
    </>
  )
}

function Skew({ pair, reach }: { pair: PairSkew; reach: number }) {
  const { at, from, to, isOpen } = placeSkew(pair, reach)
  const percent = (share: number) => `${share * 100}%`
  return (
    <li className="skew">
      <span className="skew-name">
        <ServiceDot name={pair.other.service} />{' '}
        <Link to="/nodes/$node" params={{ node: pair.other.id }} search={{}} className="name-link">
          {pair.other.service}
        </Link>{' '}
        <span className="turn-aside mono">{pair.other.id.slice(-4)}</span>
      </span>
      <span className="skew-words">
        {skewWords(pair)}
        <span className="turn-aside"> · {countOf(pair.sessions, 'session')}</span>
        {pair.stepped && (
          <span className="skew-stepped" title="The bounds of different sessions contradict each other">
            {' '}
            · stepped: one of the clocks was set
          </span>
        )}
      </span>
      <span className="skew-bar" aria-hidden>
        <span className="skew-zero" />
        <span className="skew-bounds" data-open={isOpen} style={{ left: percent(from), width: percent(Math.max(0.004, to - from)) }} />
        <span className="skew-at" style={{ left: percent(at) }} />
      </span>
    </li>
  )
}
