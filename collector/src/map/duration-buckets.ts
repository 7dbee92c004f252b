/** Durations are counted in buckets, four to a doubling, from 0.1 ms on: a percentile is right to a fifth. */

const LEAST_MS = 0.1
const BUCKETS_AN_OCTAVE = 4
/** Above 13 minutes all is one. */
const LAST_BUCKET = 92

/** The bucket of a duration in milliseconds. */
export function bucketOf(durationMs: number): number {
  if (durationMs <= LEAST_MS) return 0
  return Math.min(LAST_BUCKET, Math.ceil(Math.log2(durationMs / LEAST_MS) * BUCKETS_AN_OCTAVE))
}

/** Upper bound of a bucket, in milliseconds. */
export function boundOf(bucket: number): number {
  return LEAST_MS * 2 ** (bucket / BUCKETS_AN_OCTAVE)
}

/** The duration (ms) that the `share` (0 to 1) of those counted doesn't pass, interpolated within its bucket; null where none was counted. */
export function percentileOf(counts: ReadonlyMap<number, number>, share: number): number | null {
  let total = 0
  for (const count of counts.values()) total += count
  if (total === 0) return null
  const wanted = total * share
  let below = 0
  for (const [bucket, count] of [...counts].toSorted(([a], [b]) => a - b)) {
    below += count
    if (below < wanted) continue
    const position = (bucket - (below - wanted) / count) / BUCKETS_AN_OCTAVE
    return round(LEAST_MS * 2 ** Math.max(position, -1))
  }
  return null
}

function round(ms: number): number {
  return Number(ms.toPrecision(3))
}
