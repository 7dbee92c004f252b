const MAX_MS = 2 ** 31 - 1

/** When a session's work must be done, on the monotonic clock. */
export class Deadline {
  readonly #monotonicMs: () => number
  #at = Number.POSITIVE_INFINITY

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs
  }

  /** Keeps the smaller of this and what was set before; at most what a timer can wait, about 25 days. */
  shorten(inMs: number, fromMs: number = this.#monotonicMs()): void {
    if (Number.isFinite(inMs)) this.#at = Math.min(this.#at, fromMs + Math.min(MAX_MS, Math.max(0, inMs)))
  }

  /** Milliseconds left, not below 0; undefined when there is no deadline. */
  remaining(fromMs: number = this.#monotonicMs()): number | undefined {
    return this.#at === Number.POSITIVE_INFINITY ? undefined : Math.max(0, this.#at - fromMs)
  }

  /** The same, but no more than `limitMs`, where that is a number. */
  remainingOf(limitMs: unknown): number | undefined {
    const remaining = this.remaining()
    if (typeof limitMs !== 'number' || Number.isNaN(limitMs)) return remaining
    return Math.min(remaining ?? MAX_MS, Math.max(0, limitMs))
  }
}
