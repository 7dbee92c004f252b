const THREE_DIGITS: readonly string[] = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'))
const CHECK_EACH_MS = 100
const STEP_MS = 10

export interface TimeSource {
  /** The wall clock, Unix epoch in milliseconds; may be stepped by an administrator or NTP. */
  wallMs: () => number
  /** A clock that never goes back, in milliseconds with fractions. */
  monotonicMs: () => number
  /** What to add to `monotonicMs()` for the wall clock, precise to the microsecond at the start of the process. */
  originMs: number
}

/** Wall time with the microseconds of the monotonic clock. Follows a step of the wall clock of more than 10 ms within 100 ms. */
export class WallClock {
  readonly #source: TimeSource
  #offsetMs: number
  #checkedMs = Number.NEGATIVE_INFINITY
  #second = -1
  #secondText = ''

  constructor(source: TimeSource) {
    this.#source = source
    this.#offsetMs = source.originMs
  }

  /** Unix epoch in milliseconds with fractions. */
  now(): number {
    const monotonic = this.#source.monotonicMs()
    if (monotonic - this.#checkedMs >= CHECK_EACH_MS) this.#follow(monotonic)
    return monotonic + this.#offsetMs
  }

  /** The time as JSON text with exactly three decimals. Built from cached parts: printing a double costs four times as much. */
  text(nowMs: number = this.now()): string {
    const micros = Math.round(nowMs * 1000)
    const second = Math.floor(micros / 1_000_000)
    if (second !== this.#second) {
      this.#second = second
      this.#secondText = String(second)
    }
    const rest = micros - second * 1_000_000
    const millis = (rest / 1000) | 0
    return this.#secondText + THREE_DIGITS[millis] + '.' + THREE_DIGITS[rest - millis * 1000]
  }

  #follow(monotonic: number): void {
    this.#checkedMs = monotonic
    const difference = this.#source.wallMs() - (monotonic + this.#offsetMs)
    // Date.now() is cut to whole milliseconds, so less than a few is no step.
    if (Math.abs(difference) > STEP_MS) this.#offsetMs += difference
  }
}
