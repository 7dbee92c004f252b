import { ApiError } from '../errors.js'
import { countBytes, type Outcome, type WriteRequest } from './write-request.js'

export interface Waiting {
  request: WriteRequest
  resolve: (outcome: Outcome) => void
  reject: (error: ApiError) => void
  /** Lines of it were left out already. */
  refused?: boolean
}

interface Queued extends Waiting {
  since: number
}

/** Requests that wait for their transaction, in order of arrival; who waits too long is turned away. */
export class WriteQueue {
  readonly #maxWaitMs: number
  #waiting: Queued[] = []
  #timer: NodeJS.Timeout | null = null

  constructor(maxWaitMs: number) {
    this.#maxWaitMs = maxWaitMs
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** Resolves with what became of the request; rejects with ApiError. */
  add(request: WriteRequest): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject, since: performance.now() })
      if (this.#timer === null) this.#timer = setTimeout(() => this.#expire(), this.#maxWaitMs)
    })
  }

  /** The oldest requests, together at most `maxBytes` where one alone isn't more. */
  take(maxBytes: number): Waiting[] {
    let bytes = 0
    let count = 0
    for (const { request } of this.#waiting) {
      bytes += countBytes(request)
      if (count > 0 && bytes > maxBytes) break
      count++
    }
    return this.#waiting.splice(0, count)
  }

  rejectAll(error: ApiError): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }

  #expire(): void {
    this.#timer = null
    const oldest = performance.now() - this.#maxWaitMs
    const late = this.#waiting.findIndex(({ since }) => since > oldest)
    const expired = this.#waiting.splice(0, late === -1 ? this.#waiting.length : late)
    for (const { reject } of expired) reject(new ApiError('overloaded', { retryAfterSeconds: 1 }))
    const [next] = this.#waiting
    if (next) this.#timer = setTimeout(() => this.#expire(), Math.max(1, next.since - oldest))
  }
}
