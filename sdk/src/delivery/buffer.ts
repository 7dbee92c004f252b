import type { Entry, HopRange } from './entry.js'

/** Memory of an entry beside its text, as measured. */
const ENTRY_BYTES = 170
/** The same while its text is still a rope of parts, as string concatenation leaves it. */
const LOOSE_ENTRY_BYTES = 560
/** Longer texts are charged two bytes a character until they are looked at. */
const LONG_TEXT = 1_024
const WIDE = /[\u0100-\uffff]/
const HOP_RANGE_BYTES = 120
const MAX_HOP_RANGES = 4_096
const RANKS = 6
/** As many as one batch may list; a run with more tells its count only. */
const MAX_RANGES_OF_RUN = 256
/** How far back a run looks for the same hop: keeps a drop cheap when many sessions run at once. */
const LOOK_BACK = 8

export interface DroppedRange {
  first: number
  last: number
  reason: string
  hops?: HopRange[]
  count?: number
}

/** A stretch of consecutive numbers, taken out of the buffer. */
export interface Taken {
  first: number
  last: number
  /** Event lines without their number, which is `numbers[i]`. */
  lines: string[]
  numbers: number[]
  dropped: DroppedRange[]
}

/**
 * Holds events until they are shipped, in the order of their numbers. When full it drops the least severe, oldest first,
 * and keeps every drop as a range: no number goes without an account, and no caller waits.
 */
export class Buffer {
  /** The number that the next event gets: consecutive, also over those dropped later. */
  nextSeq = 0
  /** Events that wait. */
  events = 0
  /** Bytes charged for events and dropped ranges. */
  bytes = 0
  /** Bytes that the frozen batches in flight hold of the same allowance. */
  reservedBytes = 0
  droppedEvents = 0
  readonly #maxBytes: number
  #head: Entry | undefined
  #tail: Entry | undefined
  /** First entry whose text may still be a rope. */
  #loose: Entry | undefined
  #hopRanges = 0
  readonly #oldest: (Entry | undefined)[] = Array.from({ length: RANKS })
  readonly #newest: (Entry | undefined)[] = Array.from({ length: RANKS })

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get empty(): boolean {
    return this.#head === undefined
  }

  /** Lowest number that waits, or undefined. */
  get firstSeq(): number | undefined {
    return this.#head?.seq
  }

  /** Gives the entry its number and keeps it, or drops it or a less severe one. */
  add(entry: Entry): void {
    entry.seq = this.nextSeq++
    const tail = this.#tail
    if (tail === undefined) this.#head = entry
    else {
      tail.next = entry
      entry.previous = tail
    }
    this.#tail = entry
    const newest = this.#newest[entry.rank]
    if (newest === undefined) this.#oldest[entry.rank] = entry
    else newest.nextOfRank = entry
    this.#newest[entry.rank] = entry
    this.#loose ??= entry
    entry.bytes = LOOSE_ENTRY_BYTES + (entry.line.length > LONG_TEXT ? entry.line.length * 2 : entry.line.length)
    this.events++
    this.bytes += entry.bytes
    if (this.bytes + this.reservedBytes > this.#maxBytes) this.#shrink()
  }

  /** Takes at most `maxEvents` events, or as many as fill `maxBytes` (one at least), and the dropped runs among them. */
  take(maxEvents: number, maxBytes: number, maxHops: number): Taken | undefined {
    const head = this.#head
    if (head === undefined) return undefined
    const taken: Taken = { first: head.seq, last: head.seq - 1, lines: [], numbers: [], dropped: [] }
    let size = 0
    let hops = 0
    for (let entry = this.#head; entry !== undefined; entry = this.#head) {
      const event = entry.reason === ''
      if (event && taken.lines.length > 0 && (taken.lines.length >= maxEvents || size + entry.line.length > maxBytes)) break
      if (!event && taken.dropped.length >= maxEvents) break
      this.#removeHead(entry)
      taken.last = entry.seq + entry.count - 1
      if (event) {
        entry.settle()
        size += entry.line.length
        taken.lines.push(entry.line)
        taken.numbers.push(entry.seq)
      } else {
        const listed = entry.hops !== undefined && hops + entry.hops.length <= maxHops
        if (listed) hops += entry.hops?.length ?? 0
        taken.dropped.push(droppedRange(entry, listed))
      }
    }
    return taken
  }

  /** Starts a new count, from `first` on, for everything that waits and comes. */
  renumber(first: number): void {
    let next = first
    for (let entry = this.#head; entry !== undefined; entry = entry.next) {
      entry.seq = next
      next += entry.count
    }
    this.nextSeq = next
  }

  /** Takes `count` numbers out of the count, for events that are not in the buffer; answers the first. */
  claim(count: number): number {
    const first = this.nextSeq
    this.nextSeq += count
    return first
  }

  /** Makes room after frozen batches took some of the allowance. */
  reserve(bytes: number): void {
    this.reservedBytes += bytes
    if (this.bytes + this.reservedBytes > this.#maxBytes) this.#shrink()
  }

  release(bytes: number): void {
    this.reservedBytes -= bytes
  }

  #shrink(): void {
    this.#compact()
    while (this.events > 0 && this.bytes + this.reservedBytes > this.#maxBytes) {
      const entry = this.#oldest.find((oldest) => oldest !== undefined)
      if (entry === undefined) return
      this.#removeOfRank(entry)
      this.#drop(entry, 'buffer_full')
    }
  }

  /**
   * Flattens the ropes, which halves their memory or better; once for each entry, and only when space is short, since most
   * events are shipped long before. A search by pattern flattens, and tells wide strings from narrow ones.
   */
  #compact(): void {
    for (let entry = this.#loose; entry !== undefined; entry = entry.next) {
      if (entry.reason !== '' || entry.late !== undefined) continue
      const bytes = ENTRY_BYTES + (WIDE.test(entry.line) ? 2 : 1) * entry.line.length
      this.bytes -= entry.bytes - bytes
      entry.bytes = bytes
    }
    this.#loose = undefined
  }

  #drop(entry: Entry, reason: string): void {
    this.events--
    this.droppedEvents++
    this.bytes -= entry.bytes
    entry.reason = reason
    entry.late = undefined
    entry.line = ''
    entry.hops = entry.hop === undefined ? [] : [hopRange(entry)]
    entry.bytes = ENTRY_BYTES + this.#charge(entry)
    this.bytes += entry.bytes
    if (entry.previous?.reason === reason) this.#merge(entry.previous, entry)
    if (entry.next?.reason === reason) this.#merge(entry, entry.next)
  }

  #charge(entry: Entry): number {
    const ranges = entry.hops?.length ?? 0
    if (this.#hopRanges + ranges > MAX_HOP_RANGES) {
      entry.hops = undefined
      return 0
    }
    this.#hopRanges += ranges
    return ranges * HOP_RANGE_BYTES
  }

  /** `right` becomes part of `left`, its neighbour. */
  #merge(left: Entry, right: Entry): void {
    const before = (left.hops?.length ?? 0) + (right.hops?.length ?? 0)
    left.hops = left.hops === undefined || right.hops === undefined ? undefined : joinRanges(left.hops, right.hops)
    const after = left.hops?.length ?? 0
    this.#hopRanges -= before - after
    this.bytes -= ENTRY_BYTES + (before - after) * HOP_RANGE_BYTES
    left.bytes = ENTRY_BYTES + after * HOP_RANGE_BYTES
    left.count += right.count
    left.next = right.next
    if (right.next === undefined) this.#tail = left
    else right.next.previous = left
  }

  #removeHead(entry: Entry): void {
    this.#head = entry.next
    if (this.#loose === entry) this.#loose = entry.next
    if (entry.next === undefined) this.#tail = undefined
    else entry.next.previous = undefined
    this.bytes -= entry.bytes
    if (entry.reason === '') {
      this.events--
      this.#removeOfRank(entry)
    } else this.#hopRanges -= entry.hops?.length ?? 0
  }

  /** Only the oldest of a rank is ever taken: the buffer's head is the oldest of its rank, too. */
  #removeOfRank(entry: Entry): void {
    this.#oldest[entry.rank] = entry.nextOfRank
    if (entry.nextOfRank === undefined) this.#newest[entry.rank] = undefined
    entry.nextOfRank = undefined
  }
}

function hopRange({ hop, number }: Entry): HopRange {
  return { session: hop?.session ?? '', span: hop?.span ?? '', from: number, to: number }
}

/** Adds ranges to a list, in place, growing a recent one of the same hop where they touch. */
function joinRanges(left: HopRange[], right: readonly HopRange[]): HopRange[] | undefined {
  for (const range of right) {
    const touching = left.slice(-LOOK_BACK).find((known) => known.to + 1 === range.from && known.span === range.span)
    if (touching === undefined) left.push(range)
    else touching.to = range.to
  }
  return left.length > MAX_RANGES_OF_RUN ? undefined : left
}

function droppedRange(entry: Entry, listed: boolean): DroppedRange {
  const range = { first: entry.seq, last: entry.seq + entry.count - 1, reason: entry.reason }
  return listed && entry.hops !== undefined ? { ...range, hops: entry.hops } : { ...range, count: entry.count }
}
