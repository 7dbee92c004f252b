import type { HopRange } from './entry.js'

/** Ranges of hops that one batch may list. A run of drops ends there, so that each fits into a batch. */
export const MAX_HOPS_OF_BATCH = 256
/** How far back a run looks for the same hop: keeps a drop cheap when many sessions run at once. */
const LOOK_BACK = 8
const HOP_OF_LINE = /^,"session":"([0-9a-f]{32})","span":"([0-9a-f]{16})","clock":\[(?:\d+,)*(\d+)\]/

/** The recent range that this one continues. */
export function touching(ranges: readonly HopRange[], { span, from }: HopRange): HopRange | undefined {
  return ranges.slice(-LOOK_BACK).find((known) => known.to + 1 === from && known.span === span)
}

/** Adds ranges to a list, in place, growing a recent one of the same hop where they touch. */
export function joinRanges(into: HopRange[], ranges: readonly HopRange[]): void {
  for (const range of ranges) {
    const before = touching(into, range)
    if (before === undefined) into.push(range)
    else before.to = range.to
  }
}

/** Where an event line, from the comma after its number on, stands in its hop; undefined for an event of the process. */
export function hopOfLine(line: string): HopRange | undefined {
  const [, session, span, number] = HOP_OF_LINE.exec(line) ?? []
  if (session === undefined || span === undefined) return undefined
  return { session, span, from: Number(number), to: Number(number) }
}
