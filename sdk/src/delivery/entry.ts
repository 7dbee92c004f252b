import type { Hop } from '../hop.js'

/** Numbers `from` to `to`, both included, of one hop. */
export interface HopRange {
  session: string
  span: string
  from: number
  to: number
}

/**
 * What stands for one number (an event waiting to be shipped) or for a run of numbers whose events were dropped.
 * One shape for both keeps the hot path monomorphic.
 */
export class Entry {
  /** First sequence number it owns; given by the buffer. */
  seq = 0
  /** How many numbers it owns; 1 for an event. */
  count = 1
  /** Rest of the event's line after the number; empty while `late` has not been asked, and for a dropped run. */
  line: string
  /** Memory that the entry is charged with; set by the buffer. */
  bytes = 0
  /** Rank of the level: what goes first when the buffer is full. */
  readonly rank: number
  readonly hop: Hop | undefined
  /** The event's number in its hop; 0 for an event of the process. */
  readonly number: number
  /** Gives the line at the last moment: the name of a route is known only after its `open` got its number. */
  late: (() => string) | undefined = undefined
  /** Why the run was dropped; empty for an event. */
  reason = ''
  /** Which numbers of which hops went with a dropped run, as far as there was memory to list them; undefined for an event. */
  hops: HopRange[] | undefined = undefined
  next: Entry | undefined = undefined
  previous: Entry | undefined = undefined
  nextOfRank: Entry | undefined = undefined

  constructor(hop: Hop | undefined, number: number, rank: number, line: string) {
    this.hop = hop
    this.number = number
    this.rank = rank
    this.line = line
  }

  /** Renders a late line; afterwards nothing of the host's objects is held any more. */
  settle(): void {
    const late = this.late
    if (late === undefined) return
    this.late = undefined
    if (this.reason === '') this.line = late()
  }
}
