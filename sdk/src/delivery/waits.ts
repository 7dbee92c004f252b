import type { Platform } from '../platform/platform.js'

/** Pauses that can be cut short, so that a flush at exit tries at once. */
export class Waits {
  readonly #schedule: Platform['schedule']
  readonly #running = new Set<() => void>()

  constructor({ schedule }: Pick<Platform, 'schedule'>) {
    this.#schedule = schedule
  }

  /** `ours`: the pause is our own idea; one that the collector asked for is kept. */
  wait(ms: number, ours: boolean): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel()
        this.#running.delete(end)
        resolve()
      }
      const timer = this.#schedule(ms, end)
      if (ours) this.#running.add(end)
    })
  }

  hurry(): void {
    for (const end of this.#running) end()
  }
}
