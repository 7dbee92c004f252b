import { upsertNode, type NodeRow, type Queryable } from '@groundtrack/db'

const MAX_CACHED = 10_000

/** Row ids of nodes, from the database when first seen or changed. */
export class NodeIds {
  readonly #db: Queryable
  readonly #now: () => number
  /** In order of use, the least recently used first. */
  readonly #cache = new Map<string, Promise<number>>()

  constructor(db: Queryable, now: () => number) {
    this.#db = db
    this.#now = now
  }

  async get(node: NodeRow): Promise<number> {
    const key = JSON.stringify(node)
    const id = this.#cache.get(key) ?? upsertNode(this.#db, node, new Date(this.#now()))
    this.#cache.delete(key)
    this.#cache.set(key, id)
    if (this.#cache.size > MAX_CACHED) this.#cache.delete(this.#cache.keys().next().value ?? key)
    try {
      return await id
    } catch (error) {
      this.#cache.delete(key)
      throw error
    }
  }
}
