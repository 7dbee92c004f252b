import type { AbsenceState, HopNumbers } from './completeness.js'

/** What was delivered of one producer's numbers (stored, rejected or dropped), from `from` to `to` inclusive. */
export interface LedgerWindow {
  /** Row of the node that it numbers for. */
  nodeId: number
  from: number
  to: number
  /** Numbers in between that were not, rising and apart. `isOpen`: they may still come. */
  holes: readonly { first: number; last: number; isOpen: boolean }[]
  /** What lies below `from`: `nothing` (the producer began there), only numbers that nobody waits for any more, or nobody looked. */
  below: 'nothing' | 'settled' | 'unknown'
}

/** Between which of its producer's numbers, exclusive, the numbers of a gap lie; null where nothing bounds them. */
export interface SeqBounds {
  nodeId: number
  low: number | null
  high: number | null
}

/** Of the producer's numbers around a gap: some may still come; some never came; all came, so the gap's were none of them; or it can't be told. */
export type GapVerdict = 'open' | 'undelivered' | 'delivered' | 'unknown'

/** `windows`: of the producers of that node. Where more than one may have numbered the gap, none is believed. */
export function judgeGap({ nodeId, low, high }: SeqBounds, windows: readonly LedgerWindow[]): GapVerdict {
  if (high === null || (low !== null && low >= high)) return 'unknown'
  const candidates = windows.filter(
    (window) => window.nodeId === nodeId && isDelivered(window, high) && (low === null || isDelivered(window, low)),
  )
  const [window] = candidates
  if (window === undefined || candidates.length > 1) return 'unknown'
  const around = window.holes.filter(({ first, last }) => first < high && (low === null || last > low))
  if (around.some(({ isOpen }) => isOpen)) return 'open'
  if (around.length > 0) return 'undelivered'
  if (low !== null || window.below === 'nothing') return 'delivered'
  return window.below === 'settled' ? 'undelivered' : 'unknown'
}

function isDelivered({ from, to, holes }: LedgerWindow, seq: number): boolean {
  return from <= seq && seq <= to && !holes.some(({ first, last }) => first <= seq && seq <= last)
}

/** State of numbers that nobody gave up, of a hop of our own wire. */
export function stateOfGap(producer: HopNumbers['producer'], verdict: GapVerdict): AbsenceState {
  if (verdict === 'delivered') return 'unexplained'
  if (producer === 'gone') return 'died'
  if (verdict === 'undelivered') return 'unexplained'
  return verdict === 'open' || producer === 'sending' ? 'expected' : 'unexplained'
}
