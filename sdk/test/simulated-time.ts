import type { Platform } from '../src/platform/platform.js'

interface Planned {
  atMs: number
  work: () => void
}

/** A clock and timers that move only when a test says so. */
export class SimulatedTime {
  nowMs = 1_000_000
  #planned: Planned[] = []

  /** Timers that still wait. */
  get waiting(): number {
    return this.#planned.length
  }

  readonly time: Platform['time'] = { monotonicMs: () => this.nowMs, wallMs: () => this.nowMs, originMs: 0 }

  readonly schedule: Platform['schedule'] = (delayMs, work) => {
    const planned = { atMs: this.nowMs + Math.max(0, delayMs), work }
    this.#planned.push(planned)
    return {
      cancel: () => {
        this.#planned = this.#planned.filter((one) => one !== planned)
      },
    }
  }

  /** Lets time pass; whatever is due in it happens in its order. */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms
    for (;;) {
      const [next] = this.#planned.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)
      if (next === undefined) break
      this.#planned = this.#planned.filter((one) => one !== next)
      this.nowMs = Math.max(this.nowMs, next.atMs)
      next.work()
    }
    this.nowMs = untilMs
  }
}
