import type { CausalEdges } from './graph.js'
import { RankHeap } from './rank-heap.js'

/** An edge that a cycle was cut at: `event` does not wait for `cause`. */
export interface CutEdge {
  event: number
  cause: number
}

// Beyond this length a cycle is cut where it was found, so that forged data cost no more than honest ones.
const MAX_CYCLE_SEARCH = 1_000

/** Merges the hops, each a chain, by a heap of those heads that wait for nothing. */
export class Merge {
  readonly #graph: CausalEdges
  readonly #heap: RankHeap
  readonly #byRank: Int32Array
  readonly #order: Int32Array
  readonly #done: Uint8Array
  /** Next unmerged place of each hop. */
  readonly #head: Int32Array
  /** First event that waits for this one, and the next that waits for the same. */
  readonly #firstWaiting: Int32Array
  readonly #nextWaiting: Int32Array
  readonly #previousWaiting: Int32Array
  readonly #ignored: Set<string> = new Set()
  readonly #cut: CutEdge[] = []
  #merged = 0

  constructor(graph: CausalEdges) {
    const count = graph.events.length
    this.#graph = graph
    this.#heap = new RankHeap(count)
    this.#byRank = graph.byRank
    this.#order = new Int32Array(count)
    this.#done = new Uint8Array(count)
    this.#head = new Int32Array(graph.tree.hops.length)
    this.#firstWaiting = new Int32Array(count).fill(-1)
    this.#nextWaiting = new Int32Array(count).fill(-1)
    this.#previousWaiting = new Int32Array(count).fill(-1)
  }

  run(): { order: Int32Array; cut: CutEdge[] } {
    for (const event of this.#graph.tree.loose) this.#heap.push(this.#graph.rank[event] ?? 0)
    for (const hop of this.#graph.tree.hops) this.#offer(hop.events[0] ?? -1)
    this.#drain()
    this.#cutCycles()
    return { order: this.#order, cut: this.#cut }
  }

  #drain(): void {
    for (let rank = this.#heap.pop(); rank >= 0; rank = this.#heap.pop()) {
      const event = this.#byRank[rank] ?? 0
      this.#order[this.#merged++] = event
      this.#done[event] = 1
      const hop = this.#graph.hopOf[event] ?? -1
      if (hop >= 0) {
        const next = (this.#graph.placeOf[event] ?? 0) + 1
        this.#head[hop] = next
        this.#offer(this.#graph.tree.hops[hop]?.events[next] ?? -1)
      }
      let waiting = this.#firstWaiting[event] ?? -1
      this.#firstWaiting[event] = -1
      while (waiting >= 0) {
        const after = this.#nextWaiting[waiting] ?? -1
        this.#offer(waiting)
        waiting = after
      }
    }
  }

  /** Puts the head of a hop into the heap, or lets it wait for the first event that it needs. */
  #offer(event: number): void {
    if (event < 0) return
    const blocker = this.#blocker(event)
    if (blocker < 0) return this.#heap.push(this.#graph.rank[event] ?? 0)
    const first = this.#firstWaiting[blocker] ?? -1
    this.#nextWaiting[event] = first
    this.#previousWaiting[event] = -1
    if (first >= 0) this.#previousWaiting[first] = event
    this.#firstWaiting[blocker] = event
  }

  #blocker(event: number): number {
    const cause = this.#graph.cause[event] ?? -1
    if (cause >= 0 && this.#done[cause] === 0 && !this.#isCut(event, cause)) return cause
    const answer = this.#graph.answer[event] ?? -1
    if (answer >= 0 && this.#done[answer] === 0 && !this.#isCut(event, answer)) return answer
    return -1
  }

  #isCut(event: number, cause: number): boolean {
    return this.#ignored.size > 0 && this.#ignored.has(edgeKey(event, cause))
  }

  /**
   * With the heap empty each unfinished head waits for an event behind another unfinished head: following that from any of
   * them ends in a cycle. The walk is kept between cuts and only loses the hops that moved on, which are always its last,
   * so all walks together are about as long as the events are many.
   */
  #cutCycles(): void {
    const walk: number[] = []
    const placeInWalk = new Map<number, number>()
    const waitedFor: number[] = []
    const shorten = (length: number) => {
      for (const hop of walk.splice(length)) placeInWalk.delete(hop)
      waitedFor.length = length
    }
    let start = 0
    while (this.#merged < this.#order.length) {
      while (walk.length > 0 && this.#done[waitedFor.at(-1) ?? 0] === 1) shorten(walk.length - 1)
      while (walk.length === 0 && this.#headOf(start) < 0) start++
      let hop = walk.length === 0 ? start : (this.#graph.hopOf[waitedFor.at(-1) ?? 0] ?? 0)
      while (!placeInWalk.has(hop)) {
        const blocker = this.#blocker(this.#headOf(hop))
        placeInWalk.set(hop, walk.length)
        walk.push(hop)
        waitedFor.push(blocker)
        hop = this.#graph.hopOf[blocker] ?? 0
      }
      const cycleStart = Math.max(placeInWalk.get(hop) ?? 0, walk.length - MAX_CYCLE_SEARCH)
      const latest = this.#latest(walk, cycleStart)
      const event = this.#headOf(walk[latest] ?? 0)
      shorten(latest)
      this.#cutEdge(event)
      this.#drain()
    }
  }

  #headOf(hop: number): number {
    return this.#graph.tree.hops[hop]?.events[this.#head[hop] ?? 0] ?? -1
  }

  #latest(walk: readonly number[], from: number): number {
    const rankAt = (place: number) => this.#graph.rank[this.#headOf(walk[place] ?? 0)] ?? 0
    let latest = from
    for (let place = from + 1; place < walk.length; place++) if (rankAt(place) > rankAt(latest)) latest = place
    return latest
  }

  #cutEdge(event: number): void {
    const cause = this.#blocker(event)
    this.#ignored.add(edgeKey(event, cause))
    this.#cut.push({ event, cause })
    const next = this.#nextWaiting[event] ?? -1
    const previous = this.#previousWaiting[event] ?? -1
    if (next >= 0) this.#previousWaiting[next] = previous
    if (previous >= 0) this.#nextWaiting[previous] = next
    else this.#firstWaiting[cause] = next
    this.#offer(event)
  }
}

export function edgeKey(event: number, cause: number): string {
  return `${event}<${cause}`
}

export function invert(order: Int32Array): Int32Array {
  const placeOf = new Int32Array(order.length)
  for (let place = 0; place < order.length; place++) placeOf[order[place] ?? 0] = place
  return placeOf
}
