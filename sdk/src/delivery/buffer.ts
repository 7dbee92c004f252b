import type { Entry, HopRange } from './entry.js'
import { joinRanges, MAX_HOPS_OF_BATCH, touching } from './hop-ranges.js'

/** Memory of an entry beside its text, as measured. */
const ENTRY_BYTES = 170
/** The same while its text is still a rope of parts, as string concatenation leaves it. */
const LOOSE_ENTRY_BYTES = 560
/** Longer texts are charged two bytes a character until they are looked at. */
const LONG_TEXT = 1_024
const WIDE = /[\u0100-\uffff]/
const HOP_RANGE_BYTES = 120
/** Of the allowance, what lists of dropped numbers may take; beyond it drops are only counted, so that events still find room. */
const MAX_LISTS_SHARE = 0.5
const RANKS = 6

export interface DroppedRange {
  first: number
  last: number
  reason: string
  /** Which numbers of which hops; the rest is of the process itself, or was only counted. */
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

  /**
   * Takes at most `maxEvents` events, or as many as fill `maxBytes` (one at least), and the dropped runs among them, as far as
   * one batch may list their hops.
   */
  take(maxEvents: number, maxBytes: number): Taken | undefined {
    const head = this.#head
    if (head === undefined) return undefined
    const taken: Taken = { first: head.seq, last: head.seq - 1, lines: [], numbers: [], dropped: [] }
    let size = 0
    let hops = 0
    for (let entry = this.#head; entry !== undefined; entry = this.#head) {
      const event = entry.reason === ''
      if (event && taken.lines.length > 0 && (taken.lines.length >= maxEvents || size + entry.line.length > maxBytes)) break
      hops += entry.hops?.length ?? 0
      if (!event && (taken.dropped.length >= maxEvents || hops > MAX_HOPS_OF_BATCH)) break
      this.#removeHead(entry)
      taken.last = entry.seq + entry.count - 1
      if (event) {
        entry.settle()
        size += entry.line.length
        taken.lines.push(entry.line)
        taken.numbers.push(entry.seq)
      } else taken.dropped.push(droppedRange(entry))
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
    entry.hops = this.#listed(entry)
    this.#hopRanges += entry.hops.length
    entry.bytes = ENTRY_BYTES + entry.hops.length * HOP_RANGE_BYTES
    this.bytes += entry.bytes
    const { previous, next } = entry
    const run = previous?.reason === reason && this.#merge(previous, entry) ? previous : entry
    if (next?.reason === reason) this.#merge(run, next)
  }

  /** The entry's place in its hop, unless there is no memory for one more; growing the list before it takes none. */
  #listed({ hop, number, previous }: Entry): HopRange[] {
    if (hop === undefined) return []
    const range = { session: hop.session, span: hop.span, from: number, to: number }
    const room = (this.#hopRanges + 1) * HOP_RANGE_BYTES <= this.#maxBytes * MAX_LISTS_SHARE
    return room || touching(previous?.hops ?? [], range) !== undefined ? [range] : []
  }

  /** `right` becomes part of `left`, its neighbour; false where that would be too long a list. */
  #merge(left: Entry, right: Entry): boolean {
    const [into, from] = [left.hops ?? [], right.hops ?? []]
    if (into.length + from.length > MAX_HOPS_OF_BATCH && !from.every((range) => touching(into, range))) return false
    const before = into.length + from.length
    joinRanges(into, from)
    this.#hopRanges -= before - into.length
    this.bytes -= ENTRY_BYTES + (before - into.length) * HOP_RANGE_BYTES
    left.bytes = ENTRY_BYTES + into.length * HOP_RANGE_BYTES
    left.count += right.count
    left.next = right.next
    if (right.next === undefined) this.#tail = left
    else right.next.previous = left
    return true
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

function droppedRange({ seq, count, reason, hops = [] }: Entry): DroppedRange {
  const range = { first: seq, last: seq + count - 1, reason }
  return hops.length > 0 ? { ...range, hops } : { ...range, count }
}
