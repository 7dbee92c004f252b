/** Numbers of events of a service or of one process: logged = stored + rejected + dropped + held + unexplained. */
export interface DeliverySum {
  logged: number
  stored: number
  rejected: number
  dropped: number
  held: number
  unexplained: number
}

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

export function addUp(sums: readonly DeliverySum[]): DeliverySum {
  const zero: DeliverySum = { logged: 0, stored: 0, rejected: 0, dropped: 0, held: 0, unexplained: 0 }
  return sums.reduce(
    (all, each) => ({
      logged: all.logged + each.logged,
      stored: all.stored + each.stored,
      rejected: all.rejected + each.rejected,
      dropped: all.dropped + each.dropped,
      held: all.held + each.held,
      unexplained: all.unexplained + each.unexplained,
    }),
    zero,
  )
}
