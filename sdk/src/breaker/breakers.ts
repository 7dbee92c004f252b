import { nodeKey, type Node } from '../discovery/node.js'
import { abandon, admit, allows, CLOSED, fail, succeed, type BreakerRules, type BreakerState, type Step, type Turn } from './breaker.js'

/** A call that was let through, until its outcome is known. */
export interface Admission {
  readonly key: string
  readonly round: number
  /** undefined: there are no breakers. */
  readonly breaker: 'closed' | 'half_open' | undefined
  readonly turn: Turn | undefined
}

const MAX_BREAKERS = 10_000
const NO_BREAKER: Admission = { key: '', round: 0, breaker: undefined, turn: undefined }

/** This process's breakers, one for each node that it calls; a node that never failed takes no memory. */
export class Breakers {
  readonly #rules: BreakerRules | undefined
  readonly #monotonicMs: () => number
  readonly #states = new Map<string, BreakerState>()

  /** Without `rules` every call is let through. */
  constructor(rules: BreakerRules | undefined, monotonicMs: () => number) {
    this.#rules = rules
    this.#monotonicMs = monotonicMs
  }

  allows(node: Node): boolean {
    const state = this.#states.get(nodeKey(node))
    return state === undefined || allows(state, this.#monotonicMs())
  }

  /** Milliseconds until a retest may go; 0 where a call may go now. */
  retestInMs(node: Node): number {
    const { position, retestMs } = this.#stateOf(nodeKey(node))
    return position === 'closed' ? 0 : Math.max(0, retestMs - this.#monotonicMs())
  }

  /** Why it is open, or was last. */
  reasonOf(node: Node): string {
    return this.#stateOf(nodeKey(node)).reason
  }

  /** A call goes to a node that `allows` let through. */
  admit(node: Node): Admission {
    if (this.#rules === undefined) return NO_BREAKER
    const key = nodeKey(node)
    const { state, turn } = admit(this.#stateOf(key), this.#monotonicMs(), this.#rules)
    this.#keep(key, state)
    return { key, round: state.round, breaker: state.position === 'half_open' ? 'half_open' : 'closed', turn }
  }

  succeed({ key, round }: Admission): Turn | undefined {
    return this.#step(key, (state, rules) => succeed(state, round, this.#monotonicMs(), rules))
  }

  fail({ key, round }: Admission, reason: string): Turn | undefined {
    return this.#step(key, (state, rules) => fail(state, round, this.#monotonicMs(), reason, rules))
  }

  /** The call ended in a way that says nothing about the node. */
  abandon({ key, round }: Admission): void {
    this.#step(key, (state) => abandon(state, round, this.#monotonicMs()))
  }

  #step(key: string, next: (state: BreakerState, rules: BreakerRules) => Step): Turn | undefined {
    if (this.#rules === undefined) return undefined
    const { state, turn } = next(this.#stateOf(key), this.#rules)
    this.#keep(key, state)
    return turn
  }

  #stateOf(key: string): BreakerState {
    return this.#states.get(key) ?? CLOSED
  }

  #keep(key: string, state: BreakerState): void {
    if (state === CLOSED || this.#states.get(key) === state) return
    this.#states.set(key, state)
    if (this.#states.size <= MAX_BREAKERS) return
    const [oldest = key] = this.#states.keys()
    this.#states.delete(oldest)
  }
}
