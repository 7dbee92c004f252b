import { nodeKey, type Node } from './node.js'

/** `round_robin`: each in turn. `least_pending`: who has the fewest calls of this process under way, in turn among equals. */
export type Balancing = 'round_robin' | 'least_pending'

const MAX_GROUPS = 1_000

/** Chooses among nodes that may all be called. */
export class Balancer {
  readonly #balancing: Balancing
  readonly #turns = new Map<string, number>()
  readonly #pending = new Map<string, number>()

  constructor(balancing: Balancing) {
    this.#balancing = balancing
  }

  /** `group`: what was asked for; each group takes turns of its own. undefined where there are no nodes. */
  pick(nodes: readonly Node[], group: string): Node | undefined {
    const [first] = nodes
    if (nodes.length < 2) return first
    const turn = this.#turns.get(group) ?? 0
    if (this.#turns.size >= MAX_GROUPS && !this.#turns.has(group)) this.#turns.clear()
    this.#turns.set(group, (turn + 1) % Number.MAX_SAFE_INTEGER)
    if (this.#balancing === 'round_robin') return nodes[turn % nodes.length]
    const counts = nodes.map((node) => this.pending(node))
    const least = counts.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY)
    const equals = nodes.filter((_, i) => counts[i] === least)
    return equals[turn % equals.length]
  }

  pending(node: Node): number {
    return this.#pending.get(nodeKey(node)) ?? 0
  }

  started(node: Node): void {
    this.#pending.set(nodeKey(node), this.pending(node) + 1)
  }

  ended(node: Node): void {
    const left = this.pending(node) - 1
    if (left > 0) this.#pending.set(nodeKey(node), left)
    else this.#pending.delete(nodeKey(node))
  }
}
