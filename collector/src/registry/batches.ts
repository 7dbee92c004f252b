interface Waiting<Item, Answer> {
  item: Item
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
}

/** Does work on many items at once: what comes while one batch is at work goes together with the next. */
export class Batches<Item, Answer> {
  readonly #work: (items: readonly Item[]) => Promise<readonly Answer[]>
  readonly #maxItems: number
  #waiting: Waiting<Item, Answer>[] = []
  #running: Promise<void> | null = null

  /** `work` answers one for each item, in their order. */
  constructor(maxItems: number, work: (items: readonly Item[]) => Promise<readonly Answer[]>) {
    this.#maxItems = maxItems
    this.#work = work
  }

  add(item: Item): Promise<Answer> {
    const done = new Promise<Answer>((resolve, reject) => this.#waiting.push({ item, resolve, reject }))
    this.#running ??= this.#run().finally(() => (this.#running = null))
    return done
  }

  /** Resolves when nothing is at work any more. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #run(): Promise<void> {
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) {
      try {
        const answers = await this.#work(batch.map(({ item }) => item))
        for (const [i, answer] of answers.entries()) batch[i]?.resolve(answer)
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
  }

  #next(): Waiting<Item, Answer>[] {
    return this.#waiting.splice(0, this.#maxItems)
  }
}
