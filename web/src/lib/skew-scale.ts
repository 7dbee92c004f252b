import type { PairSkew } from '@groundtrack/collector/api'
import { formatDuration } from './format'

export interface SkewBar {
  /** Places on the axis, 0 to 1. */
  at: number
  from: number
  to: number
  /** The bounds reach beyond what is drawn, or there are none on a side. */
  isOpen: boolean
}

/** Half the width of the axis, in milliseconds: the same on both sides, and never so wide that one clock hides the others' bounds. */
export function skewReach(pairs: readonly PairSkew[]): number {
  const reaches = pairs.map(({ offset, error }) => Math.abs(offset) + (error ?? 0))
  return niceCeil(Math.max(1, ...reaches) * 1.05)
}

export function placeSkew({ offset, error }: PairSkew, reach: number): SkewBar {
  const place = (ms: number) => Math.min(1, Math.max(0, (ms + reach) / (2 * reach)))
  return { at: place(offset), from: place(offset - (error ?? reach * 2)), to: place(offset + (error ?? reach * 2)), isOpen: error === null }
}

/** "5 s ahead, ± 12 ms"; "in step, ± 0.3 ms" where zero lies within the bounds. */
export function skewWords({ offset, error }: PairSkew): string {
  const side = offset > 0 ? 'ahead' : 'behind'
  if (error === null) return `about ${formatDuration(Math.abs(offset))} ${side}, bounded on one side only`
  const bounds = `± ${formatDuration(error)}`
  return Math.abs(offset) <= error ? `in step as far as can be told, ${bounds}` : `${formatDuration(Math.abs(offset))} ${side}, ${bounds}`
}

/** 1, 2 or 5 times a power of ten. */
function niceCeil(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power
}
