const MIN_SHARE = 0.012
const SHOWN_SHARE = 0.95

/** Share of a bar's full width for a duration. The scale ends where 95 of 100 do, so that one giant does not flatten all others. */
export function durationScale(durations: readonly number[]): (ms: number) => number {
  const sorted = durations.toSorted((a, b) => a - b)
  const end = sorted[Math.ceil(sorted.length * SHOWN_SHARE) - 1] ?? 0
  return (ms) => (end <= 0 ? MIN_SHARE : Math.max(MIN_SHARE, ms / end))
}
