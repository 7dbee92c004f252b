import { performance } from 'node:perf_hooks'
import {
  countOpenBreakers,
  listGaps,
  listNodeChangesSince,
  listUnannounced,
  sumNodeFigures,
  type NodeFigures,
  type ProjectReader,
  type RegisteredNode,
  type StoredNodeChange,
  type UnannouncedNode,
} from '@groundtrack/db'
import type { BoardNode, RegistryHealth } from '../api.js'
import { groupBy } from '../query/group-by.js'
import { addressOf, FIGURES_SECONDS, presentBoardNode, presentUnannounced, type BoardFacts } from './board-node.js'
import type { Registry } from './registry.js'

export interface Board {
  nowMs: number
  health: RegistryHealth
  /** By service, environment, then number. */
  nodes: readonly BoardNode[]
  /** Texts of answers made from it. */
  answers: Map<string, string>
}

export interface NodeBoardOptions {
  registry: Registry
  reader: ProjectReader
  /** Milliseconds since the epoch. */
  now: () => number
}

interface Figures {
  figuresOf: ReadonlyMap<number, NodeFigures>
  openBreakersOf: ReadonlyMap<string, number>
  unannounced: readonly UnannouncedNode[]
}

/** However many look at it: it is made so often. */
const BOARD_MS = 250
/** Sums over what arrived cost more, and change slower than states. */
const FIGURES_MS = 2_000
const HOUR_MS = 3_600_000
const MAX_HEARD = 10_000

/** All nodes as pages show them: those that are there, those that went within the last hour, and those that only log. */
export class NodeBoard {
  readonly #options: NodeBoardOptions
  readonly #heard = new Map<number, number>()
  #board: Promise<Board> | null = null
  #boardMs = -Infinity
  #figures: Promise<Figures> | null = null
  #figuresMs = -Infinity

  constructor(options: NodeBoardOptions) {
    this.#options = options
  }

  get(): Promise<Board> {
    const nowMs = performance.now()
    if (this.#board && nowMs - this.#boardMs < BOARD_MS) return this.#board
    this.#boardMs = nowMs
    this.#board = this.#make()
    this.#board.catch(() => (this.#boardMs = -Infinity))
    return this.#board
  }

  /** What stands beside the rows of nodes just now. */
  async facts(): Promise<BoardFacts & { unannounced: readonly UnannouncedNode[] }> {
    const { registry, reader, now } = this.#options
    const nowMs = now()
    const since = new Date(nowMs - HOUR_MS)
    const [changes, gaps, figures] = await Promise.all([listNodeChangesSince(reader, since), listGaps(reader, since), this.#getFigures()])
    return {
      nowMicros: nowMs * 1_000,
      isUnknown: (node) => registry.isUnknown(node),
      changesOf: groupBy(changes, ({ nodeId }) => nodeId),
      restartsAt: countRestarts(changes, registry),
      gaps,
      ...figures,
    }
  }

  async #make(): Promise<Board> {
    const { registry, now } = this.#options
    const facts = await this.facts()
    const nodes = [...registry.table.entries()]
      .filter(({ node }) => node.state !== 'gone' || node.successor === null)
      .map(({ node }) => ({ order: orderOf(node), node: presentBoardNode(node, facts) }))
    for (const node of facts.unannounced)
      nodes.push({ order: orderOf({ ...node, number: Infinity }), node: presentUnannounced(node, facts) })
    nodes.sort((a, b) => (a.order < b.order ? -1 : 1))
    return { nowMs: now(), health: registry.health(), nodes: nodes.map(({ node }) => node), answers: new Map() }
  }

  /** Those of before while newer ones are being summed. */
  async #getFigures(): Promise<Figures> {
    const nowMs = performance.now()
    if (this.#figures && nowMs - this.#figuresMs < FIGURES_MS) return this.#figures
    this.#figuresMs = nowMs
    const before = this.#figures
    const figures = this.#sum()
    figures.then(
      () => (this.#figures = figures),
      () => (this.#figuresMs = -Infinity),
    )
    return before ?? figures
  }

  async #sum(): Promise<Figures> {
    const { reader, now } = this.#options
    const nowMs = now()
    const [figures, breakers] = await Promise.all([
      sumNodeFigures(reader, new Date(nowMs - FIGURES_SECONDS * 1_000)),
      countOpenBreakers(reader, new Date(nowMs)),
    ])
    this.#hear(figures, nowMs)
    return {
      figuresOf: new Map(figures.map((figure) => [figure.id, figure])),
      openBreakersOf: new Map(breakers.map(({ uuid, breakers: count }) => [uuid, count])),
      unannounced: await listUnannounced(reader, [...this.#heard.keys()]),
    }
  }

  /** Who logged is remembered for an hour, so that a process that is quiet for a minute stays on the board. */
  #hear(figures: readonly NodeFigures[], nowMs: number): void {
    const known = new Set([...this.#options.registry.table.entries()].map(({ node }) => node.id))
    for (const { id } of figures) if (!known.has(id)) this.#heard.set(id, nowMs)
    for (const [id, heardMs] of this.#heard)
      if (nowMs - heardMs > HOUR_MS || known.has(id) || this.#heard.size > MAX_HEARD) this.#heard.delete(id)
  }
}

function countRestarts(changes: readonly StoredNodeChange[], registry: Registry): Map<string, number> {
  const byId = new Map([...registry.table.entries()].map(({ node }) => [node.id, node]))
  const counts = new Map<string, number>()
  for (const { nodeId, change, state } of changes) {
    const node = change === 'restart' && state === 'up' ? byId.get(nodeId) : undefined
    if (node) counts.set(addressOf(node), (counts.get(addressOf(node)) ?? 0) + 1)
  }
  return counts
}

/** Sorts as text. */
function orderOf({ service, environment, number, uuid }: Pick<RegisteredNode, 'service' | 'environment' | 'number' | 'uuid'>): string {
  return JSON.stringify([service, environment, String(Math.min(number, 1e9)).padStart(10, '0'), uuid])
}
