/** Stretches of ± `error` around moments, in milliseconds; those that touch become one. */
export function whiskerSpans(moments: readonly number[], error: number): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = []
  for (const ms of moments.toSorted((a, b) => a - b)) {
    const last = spans.at(-1)
    if (last !== undefined && ms - error <= last.to) last.to = ms + error
    else spans.push({ from: ms - error, to: ms + error })
  }
  return spans
}
