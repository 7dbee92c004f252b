import type { Histogram } from '@groundtrack/collector/api'
import { lazy, Suspense } from 'react'
import { isSyntaxFault } from '../api/client'
import { useHistogram } from '../api/histogram'
import { formatCount } from '../lib/format'
import { LEVELS } from '../lib/levels'
import type { Period } from '../lib/time-range'
import { PanelError } from './panel-error'
import './event-histogram.css'

const LevelChart = lazy(() => import('./level-chart'))
const BUCKETS = 80

interface EventHistogramProps {
  q: string
  period: Period
  onZoom: (period: Period) => void
}

/** Events by level over the time that is searched. Dragging over it zooms. */
export function EventHistogram({ q, period, onZoom }: EventHistogramProps) {
  const { data, error, isPlaceholderData, refetch } = useHistogram({ q, period, buckets: BUCKETS, by: 'level' })
  if (isSyntaxFault(error)) return null
  if (error) return <PanelError error={error} onRetry={() => void refetch()} compact />
  return (
    <figure className="histogram" aria-label={data ? describe(data) : 'Events over time, loading'} data-stale={isPlaceholderData}>
      <Legend data={data} />
      <div className="histogram-chart">
        {data && (
          <Suspense fallback={null}>
            <LevelChart histogram={data} onZoom={onZoom} />
          </Suspense>
        )}
      </div>
    </figure>
  )
}

function Legend({ data }: { data: Histogram | undefined }) {
  const totals = levelTotals(data)
  return (
    <ul className="histogram-legend">
      {LEVELS.toReversed()
        .filter((level) => (totals[level] ?? 0) > 0)
        .map((level) => (
          <li key={level}>
            <span className="histogram-swatch" style={{ background: `var(--level-${level})` }} aria-hidden /> {level}{' '}
            <span className="histogram-count">{formatCount(totals[level] ?? 0)}</span>
          </li>
        ))}
      {data?.total === 0 && <li>no events</li>}
    </ul>
  )
}

/** Events per level over the whole time. */
export function levelTotals(data: Histogram | undefined): Record<string, number> {
  const totals: Record<string, number> = {}
  for (const bucket of data?.buckets ?? [])
    for (const [name, count] of Object.entries(bucket.counts)) totals[name] = (totals[name] ?? 0) + count
  return totals
}

function describe(data: Histogram): string {
  const totals = levelTotals(data)
  const parts = LEVELS.toReversed().filter((level) => totals[level]).map((level) => `${formatCount(totals[level] ?? 0)} ${level}`) // prettier-ignore
  return `Events over time: ${formatCount(data.total)} in all${parts.length === 0 ? '' : `; ${parts.join(', ')}`}`
}
