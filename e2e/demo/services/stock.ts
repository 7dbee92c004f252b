import { listProducts, type Line } from './products.js'

const FULL_SHELF = 400
const STOCKTAKE_PER_SHELF_MS = 280

/** The quantities on the shelves. A stocktake locks them all until the last shelf is counted, so everybody else waits meanwhile. */
export class Stock {
  readonly #quantities = new Map(listProducts().map(({ sku }) => [sku, FULL_SHELF]))
  #unlocked: Promise<void> = Promise.resolve()
  #lockedSince: number | undefined

  /** How long the present stocktake has kept the shelves locked, in milliseconds. */
  get lockedForMs(): number | undefined {
    return this.#lockedSince === undefined ? undefined : Math.round(performance.now() - this.#lockedSince)
  }

  async get(sku: string): Promise<number> {
    await this.#unlocked
    return this.#quantities.get(sku) ?? 0
  }

  /** Takes all lines off the shelves, or none: then it gives the one that fell short. */
  async take(lines: Line[]): Promise<Line | undefined> {
    await this.#unlocked
    const short = lines.find((line) => (this.#quantities.get(line.sku) ?? 0) < line.quantity)
    if (!short) for (const { sku, quantity } of lines) this.#quantities.set(sku, (this.#quantities.get(sku) ?? 0) - quantity)
    return short
  }

  /** Counts and refills shelf after shelf. Resolves with the number of shelves. */
  async takeStock(): Promise<number> {
    let unlock = (): void => {}
    this.#unlocked = new Promise((resolve) => (unlock = resolve))
    this.#lockedSince = performance.now()
    for (const sku of this.#quantities.keys()) {
      await new Promise((counted) => setTimeout(counted, STOCKTAKE_PER_SHELF_MS))
      this.#quantities.set(sku, FULL_SHELF)
    }
    this.#lockedSince = undefined
    unlock()
    return this.#quantities.size
  }
}
