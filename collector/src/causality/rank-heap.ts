/** A binary heap of distinct small integers, the least on top. */
export class RankHeap {
  readonly #items: Int32Array
  #size = 0

  constructor(capacity: number) {
    this.#items = new Int32Array(capacity)
  }

  get size(): number {
    return this.#size
  }

  push(rank: number): void {
    const items = this.#items
    let at = this.#size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = items[parent] ?? 0
      if (above <= rank) break
      items[at] = above
      at = parent
    }
    items[at] = rank
  }

  /** The least; −1 when empty. */
  pop(): number {
    if (this.#size === 0) return -1
    const items = this.#items
    const least = items[0] ?? -1
    const rank = items[--this.#size] ?? 0
    let at = 0
    for (let child = 1; child < this.#size; child = 2 * at + 1) {
      const right = child + 1
      if (right < this.#size && (items[right] ?? 0) < (items[child] ?? 0)) child = right
      const below = items[child] ?? 0
      if (below >= rank) break
      items[at] = below
      at = child
    }
    items[at] = rank
    return least
  }
}
