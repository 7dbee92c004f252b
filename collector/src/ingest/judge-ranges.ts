import type { LedgerHit } from '@groundtrack/db'
import type { ProducerRange } from './write-request.js'

export type Verdict = 'new' | 'duplicate' | 'conflict'

interface Known {
  first: number
  last: number
  /** Null where ranges were merged: what lies inside is a duplicate. */
  digest: Buffer | null
}

/**
 * For each range of one flush whether it is new, stored already, or at odds with what is stored or comes before it in the same
 * flush. Ranges of other producers never touch; `hits[i]` is the stored range that overlaps range i.
 */
export function judgeRanges(ranges: readonly ProducerRange[], hits: readonly LedgerHit[]): Verdict[] {
  const stored = new Map(hits.map((hit) => [hit.position, hit]))
  const earlier = new Map<string, Known[]>()
  return ranges.map((range, position) => {
    if (range.last < range.first) return 'new'
    const key = `${range.producer} ${range.epoch}`
    const siblings = earlier.get(key) ?? []
    const known = stored.get(position) ?? siblings.find((sibling) => sibling.first <= range.last && sibling.last >= range.first)
    if (known) return isSame(range, known) ? 'duplicate' : 'conflict'
    earlier.set(key, [...siblings, range])
    return 'new'
  })
}

function isSame(range: ProducerRange, known: Known): boolean {
  if (known.digest === null) return known.first <= range.first && range.last <= known.last
  return known.first === range.first && known.last === range.last && known.digest.equals(range.digest)
}
