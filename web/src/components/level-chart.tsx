import type { Histogram } from '@groundtrack/collector/api'
import { useMemo, useState } from 'react'
import { Bar, BarChart, ReferenceArea, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { formatCount } from '../lib/format'
import { formatDay, formatMinute, formatSecond, isoOf } from '../lib/instant'
import { LEVELS } from '../lib/levels'
import type { Period } from '../lib/time-range'

const DAY_MS = 86_400_000
const LABELS = 6

type Point = { start: number } & Partial<Record<string, number>>

/** Stacked bars by level. Its own chunk, since recharts is most of it. */
export default function LevelChart({ histogram, onZoom }: { histogram: Histogram; onZoom: (period: Period) => void }) {
  const points = useMemo(
    () => histogram.buckets.map((bucket): Point => ({ ...bucket.counts, start: Date.parse(bucket.start) })),
    [histogram],
  )
  const [drag, setDrag] = useState<{ from: number; to: number }>()
  const spanMs = Date.parse(histogram.to) - Date.parse(histogram.from)
  const ticks = useMemo(
    () => points.filter((_, index) => index % Math.ceil(points.length / LABELS) === 0).map((point) => point.start),
    [points],
  )
  const nameTick = (ms: number) =>
    spanMs > DAY_MS ? `${formatDay(ms)} ${formatMinute(ms)}` : spanMs < 600_000 ? formatSecond(ms) : formatMinute(ms)

  const start = (at: unknown) => typeof at === 'number' && setDrag({ from: at, to: at })
  const move = (at: unknown) => typeof at === 'number' && setDrag((each) => each && { ...each, to: at })
  const end = () => {
    setDrag(undefined)
    if (!drag || drag.from === drag.to) return
    const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]
    onZoom({ from: isoOf(from), to: isoOf(to + histogram.bucketSeconds * 1_000) })
  }

  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart
        data={points}
        margin={{ top: 2, right: 0, bottom: 0, left: 0 }}
        barCategoryGap={1}
        accessibilityLayer={false}
        onMouseDown={(state) => start(labelOf(state.activeLabel))}
        onMouseMove={(state) => move(labelOf(state.activeLabel))}
        onMouseUp={end}
        onMouseLeave={() => setDrag(undefined)}
      >
        <XAxis
          dataKey="start"
          ticks={ticks}
          tickFormatter={nameTick}
          tickLine={false}
          axisLine={false}
          height={20}
          interval="preserveStart"
          minTickGap={28}
          tick={<TimeTick name={nameTick} />}
        />
        <YAxis hide domain={[0, 'dataMax']} />
        <Tooltip
          content={<BucketTip bucketMs={histogram.bucketSeconds * 1_000} />}
          cursor={{ fill: 'var(--raised)' }}
          isAnimationActive={false}
        />
        {LEVELS.map((level) => (
          <Bar key={level} dataKey={level} stackId="level" fill={`var(--level-${level})`} isAnimationActive={false} maxBarSize={24} />
        ))}
        {drag && (
          <ReferenceArea x1={Math.min(drag.from, drag.to)} x2={Math.max(drag.from, drag.to)} fill="var(--accent)" fillOpacity={0.22} />
        )}
      </BarChart>
    </ResponsiveContainer>
  )
}

function labelOf(label: unknown): number | undefined {
  const ms = Number(label)
  return label === undefined || Number.isNaN(ms) ? undefined : ms
}

interface TimeTickProps {
  name: (ms: number) => string
  x?: number
  y?: number
  payload?: { value: number }
  index?: number
}

function TimeTick({ name, x = 0, y = 0, payload, index = 0 }: TimeTickProps) {
  return (
    <text x={index === 0 ? Math.max(0, x - 6) : x} y={y + 8} textAnchor={index === 0 ? 'start' : 'middle'} className="histogram-tick">
      {payload ? name(payload.value) : ''}
    </text>
  )
}

interface BucketTipProps {
  bucketMs: number
  active?: boolean
  label?: unknown
  payload?: readonly { dataKey?: unknown; value?: unknown }[]
}

function BucketTip({ bucketMs, active, label, payload }: BucketTipProps) {
  const start = labelOf(label)
  if (!active || start === undefined || !payload) return null
  const counts = payload.filter((each) => typeof each.value === 'number' && each.value > 0).toReversed()
  return (
    <div className="histogram-tip">
      <p>
        {formatDay(start)} {formatSecond(start)} – {formatSecond(start + bucketMs)}
      </p>
      {counts.length === 0 && <p className="histogram-count">no events</p>}
      {counts.map((each) => (
        <p key={String(each.dataKey)}>
          <span className="histogram-swatch" style={{ background: `var(--level-${String(each.dataKey)})` }} /> {String(each.dataKey)}
          <b>{formatCount(Number(each.value))}</b>
        </p>
      ))}
    </div>
  )
}
