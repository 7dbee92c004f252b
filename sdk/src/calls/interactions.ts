import type { Platform, Timer } from '../platform/platform.js'
import type { ResolvedNode } from './resolved-node.js'

/** `resolved`: nobody said yet how it went. `called`: its call is under way. `well`: its call ended well. */
type Course = 'resolved' | 'called' | 'well'

interface Level {
  readonly nodes: Map<ResolvedNode, Course>
  timer: Timer | undefined
}

/** That may lie within one another. */
export const MAX_INTERACTIONS = 64
const MAX_NODES = 1_000
/** How long a call that ended well waits for the end of its interaction, before its node is told to have done well. */
const WELL_WITHIN_MS = 10_000

/**
 * Stretches of a session's work that succeed or fail as a whole, one within another. A node called in one has done well only when it
 * ends well: an answer that can't be worked with is a failure, too.
 */
export class Interactions {
  readonly #schedule: Platform['schedule']
  /** Nodes that were resolved outside of any interaction. */
  readonly #outside: Level = { nodes: new Map(), timer: undefined }
  #levels: Level[] = []

  constructor({ schedule }: Pick<Platform, 'schedule'>) {
    this.#schedule = schedule
  }

  start(): void {
    if (this.#levels.length < MAX_INTERACTIONS) this.#levels.push({ nodes: new Map(), timer: undefined })
  }

  add(node: ResolvedNode, course: 'resolved' | 'called'): void {
    // Outside, a call's end speaks for itself.
    if (course === 'called' && this.#levels.length === 0) return
    const { nodes } = this.#current
    if (nodes.size >= MAX_NODES) forgetSettled(nodes)
    if (nodes.size < MAX_NODES) nodes.set(node, course)
  }

  /** A node's call ended well. */
  endedWell(node: ResolvedNode): void {
    node.ended()
    const level = this.#levels.findLast(({ nodes }) => nodes.has(node))
    if (level === undefined) return node.settleWell()
    level.nodes.set(node, 'well')
    level.timer ??= this.#schedule(WELL_WITHIN_MS, () => {
      level.timer = undefined
      settleWell(level)
    })
  }

  /** The nodes that it failed for. Without an interaction: those of which nobody said yet how it went. */
  fail(reason: string): ResolvedNode[] {
    const failed: ResolvedNode[] = []
    for (const [node, course] of this.#current.nodes) {
      if (node.settled) continue
      failed.push(node)
      if (course === 'resolved') node.failure(reason)
      else node.settleBadly(reason)
    }
    return failed
  }

  /** Whether a node of the current interaction failed. */
  get hasFailed(): boolean {
    return [...this.#current.nodes.keys()].some((node) => node.failed)
  }

  /** Ends the current interaction well for all its nodes that did not fail; calls under way go on. */
  finish(): void {
    const level = this.#levels.pop() ?? this.#outside
    for (const [node, course] of level.nodes) {
      if (course === 'resolved') node.success()
      if (course === 'well') node.settleWell()
    }
    end(level)
  }

  /** The session is over: what ended well did well, and of what nobody said how it went nothing is known. */
  close(): void {
    for (const level of [...this.#levels, this.#outside]) {
      settleWell(level)
      for (const [node, course] of level.nodes) if (course === 'resolved') node.abandon()
      end(level)
    }
    this.#levels = []
  }

  /** A node that was resolved, and of which nobody said yet how it went, at the place that a request goes to. */
  resolvedAt(to: string): ResolvedNode | undefined {
    for (const [node, course] of this.#current.nodes) if (course === 'resolved' && !node.settled && to.startsWith(node.address)) return node
    return undefined
  }

  get #current(): Level {
    return this.#levels.at(-1) ?? this.#outside
  }
}

function settleWell({ nodes }: Level): void {
  for (const [node, course] of nodes) if (course === 'well') node.settleWell()
}

function forgetSettled(nodes: Map<ResolvedNode, Course>): void {
  for (const node of nodes.keys()) if (node.settled) nodes.delete(node)
}

function end({ nodes, timer }: Level): void {
  timer?.cancel()
  nodes.clear()
}
