import type { DeliverySum } from '@groundtrack/collector/api'

export const PARTS = ['stored', 'held', 'dropped', 'rejected', 'unexplained'] as const
export type Part = (typeof PARTS)[number]

/** Least share that a part which is not zero is drawn with: three events of a million must be seen. */
const LEAST_SHARE = 0.015

/** Shares of a bar, which add up to 1; a part that is not zero is never too thin to be seen. */
export function sharesOf(sum: DeliverySum): { part: Part; share: number }[] {
  const total = PARTS.reduce((all, part) => all + sum[part], 0)
  if (total === 0) return []
  const raised = PARTS.filter((part) => sum[part] > 0).map((part) => ({ part, share: Math.max(LEAST_SHARE, sum[part] / total) }))
  const over = raised.reduce((all, each) => all + each.share, 0)
  return raised.map(({ part, share }) => ({ part, share: share / over }))
}

/** Whether the equation holds as it is written: nothing is lost without a word. */
export function isBalanced(sum: DeliverySum): boolean {
  return sum.unexplained === 0 && sum.logged === sum.stored + sum.rejected + sum.dropped + sum.held
}
