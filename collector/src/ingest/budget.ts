import { ApiError } from '../errors.js'

/** Bytes that all requests together may hold. What doesn't fit is refused at once, so memory is bounded at any load. */
export class ByteBudget {
  readonly #maxBytes: number
  #used = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get usedBytes(): number {
    return this.#used
  }

  /** A lease of one request; throws ApiError overloaded when there is no room. */
  lease(bytes: number): Lease {
    const lease = new Lease((change) => this.#take(change))
    lease.grow(bytes)
    return lease
  }

  #take(bytes: number): void {
    if (bytes > 0 && this.#used + bytes > this.#maxBytes) throw new ApiError('overloaded', { retryAfterSeconds: 1 })
    this.#used += bytes
  }
}

export class Lease {
  readonly #take: (bytes: number) => void
  #held = 0

  constructor(take: (bytes: number) => void) {
    this.#take = take
  }

  /** Throws ApiError overloaded when there is no room; what was held before stays held. */
  grow(bytes: number): void {
    this.#take(bytes)
    this.#held += bytes
  }

  release(): void {
    this.#take(-this.#held)
    this.#held = 0
  }
}
