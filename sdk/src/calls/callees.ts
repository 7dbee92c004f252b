import type { Admission, Breakers } from '../breaker/breakers.js'
import type { Balancer } from '../discovery/balancer.js'
import type { Discovery } from '../discovery/discovery.js'
import type { Node } from '../discovery/node.js'
import { BreakerOpenError, NoNodeError } from '../errors.js'

/** A node that was chosen, and let through by its breaker. */
export interface Chosen {
  node: Node
  admission: Admission
}

/** What all sessions of a process share for their calls: who serves what, who is cut off, whose turn it is. */
export class Callees {
  readonly breakers: Breakers
  readonly balancer: Balancer
  readonly #discovery: Discovery

  constructor({ discovery, balancer, breakers }: { discovery: Discovery; balancer: Balancer; breakers: Breakers }) {
    this.#discovery = discovery
    this.balancer = balancer
    this.breakers = breakers
  }

  /**
   * Chooses among the nodes that serve this version and are not cut off. Waits up to `withinMs` where none is known. Rejects with
   * NoNodeError, or with BreakerOpenError where all are cut off, which names the one to be tried again first. `signal` ends the wait.
   */
  async choose(service: string, version: string, withinMs: number, signal?: AbortSignal): Promise<Chosen> {
    // No await where nodes are known: two calls made one after the other get their turns in that order.
    const known = this.#discovery.find(service, version)
    const nodes = known.length > 0 ? known : await this.#discovery.wait(service, version, withinMs, signal)
    if (nodes.length === 0) {
      const advice = this.#discovery.explain(service)
      throw new NoNodeError(service, version, { waitedMs: withinMs, known: this.#discovery.list(service), advice })
    }
    const open = nodes.filter((node) => this.breakers.allows(node))
    const node = this.balancer.pick(open, JSON.stringify([service, version]))
    if (node === undefined) throw this.#cutOff(service, version, nodes)
    this.balancer.started(node)
    return { node, admission: this.breakers.admit(node) }
  }

  #cutOff(service: string, version: string, nodes: readonly Node[]): BreakerOpenError {
    const byRetest = nodes.toSorted((a, b) => this.breakers.retestInMs(a) - this.breakers.retestInMs(b))
    const [first] = byRetest
    const [retestInMs, reason] = first === undefined ? [0, ''] : [this.breakers.retestInMs(first), this.breakers.reasonOf(first)]
    return new BreakerOpenError(service, version, { nodes: byRetest, retestInMs, reason })
  }
}
