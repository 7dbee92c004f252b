/**
 * Lets one request at a time be inflated and decoded per turn of the event loop, in order of arrival. Bodies that arrive together
 * would otherwise keep the loop for as many milliseconds, and a flush that the database has answered would wait for all of them.
 */
export class Turns {
  readonly #waiting: (() => void)[] = []

  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      if (this.#waiting.length === 1) setImmediate(this.#call)
    })
  }

  readonly #call = (): void => {
    this.#waiting.shift()?.()
    if (this.#waiting.length > 0) setImmediate(this.#call)
  }
}
