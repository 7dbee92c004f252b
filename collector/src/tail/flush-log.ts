import type { StoredFlush } from '@groundtrack/db'
import type { Candidate } from './evaluate.js'

/** A flush with its events. */
export interface FlushGroup {
  flush: StoredFlush
  candidates: readonly Candidate[]
}

const MAX_EVENTS = 20_000

/** The newest flushes, with their events, for all tails of this collector. Who has fallen behind its beginning reads the store instead. */
export class FlushLog {
  #groups: FlushGroup[] = []
  #start = 0
  #events = 0

  /** Index that the next group will have. */
  get end(): number {
    return this.#start + this.#groups.length
  }

  append(groups: readonly FlushGroup[]): void {
    for (const group of groups) {
      this.#groups.push(group)
      this.#events += group.candidates.length
    }
    let gone = 0
    while (this.#events > MAX_EVENTS && gone < this.#groups.length - 1) this.#events -= this.#groups[gone++]?.candidates.length ?? 0
    this.#groups.splice(0, gone)
    this.#start += gone
  }

  /** All groups from an index on; null where some of them are gone. */
  from(index: number): readonly FlushGroup[] | null {
    return index < this.#start ? null : this.#groups.slice(index - this.#start)
  }

  clear(): void {
    this.#start = this.end
    this.#groups = []
    this.#events = 0
  }
}
