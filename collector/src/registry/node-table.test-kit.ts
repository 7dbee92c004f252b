import type { RegisteredNode, StoredNodeState } from '@groundtrack/db'
import { NodeTable, type TableEvent } from './node-table.js'

export const TTL_MS = 30_000
const BEAT_MS = 10_000

/** A process that beats every ten seconds for as long as it lives. */
export interface SimulatedNode {
  id: number
  isAlive: boolean
  /** Its beats get through to a collector. */
  isConnected: boolean
  nextBeatMs: number
}

interface SimulatedCollector {
  table: NodeTable
  isUp: boolean
  /** What a client that watches it holds: ids of those it may be sent to. */
  watched: Set<number>
}

export interface Turn {
  atMs: number
  id: number
  state: StoredNodeState
  isFlap: boolean
}

/** Nodes, collectors and the rows that they share, as the statements of db change them; time goes on by steps. */
export class World {
  nowMs = 0
  readonly nodes: SimulatedNode[] = []
  readonly collectors: SimulatedCollector[] = []
  readonly rows = new Map<number, RegisteredNode>()
  readonly turns: Turn[] = []
  readonly #stepMs: number

  constructor({ nodes, collectors, stepMs }: { nodes: number; collectors: number; stepMs: number }) {
    this.#stepMs = stepMs
    for (let i = 0; i < collectors; i++) this.collectors.push({ table: new NodeTable(), isUp: true, watched: new Set() })
    for (let id = 0; id < nodes; id++)
      this.nodes.push({ id, isAlive: true, isConnected: true, nextBeatMs: Math.floor((id * BEAT_MS) / nodes) })
  }

  advance(ms: number): void {
    for (const end = this.nowMs + ms; this.nowMs < end;) {
      this.nowMs = Math.min(end, this.nowMs + this.#stepMs)
      for (const node of this.nodes) this.#beat(node)
      for (const collector of this.collectors) if (collector.isUp) this.#expire(collector)
    }
  }

  stop(collector: SimulatedCollector): void {
    collector.isUp = false
  }

  /** Comes up again and loads the table. */
  start(collector: SimulatedCollector): void {
    collector.isUp = true
    collector.table = new NodeTable()
    collector.watched = new Set()
    this.#tell(collector, collector.table.reload([...this.rows.values()], this.nowMs))
  }

  leave({ id }: SimulatedNode): void {
    const row = this.rows.get(id)
    if (row) this.#store({ ...row, state: 'gone', revision: row.revision + 1 })
  }

  stateOf(node: SimulatedNode): StoredNodeState | undefined {
    return this.rows.get(node.id)?.state
  }

  #beat(node: SimulatedNode): void {
    if (!node.isAlive || this.nowMs < node.nextBeatMs) return
    node.nextBeatMs += BEAT_MS
    if (!node.isConnected || !this.collectors.some(({ isUp }) => isUp)) return
    const row = this.rows.get(node.id)
    this.#store({ ...(row ?? aRow(node.id)), state: 'up', revision: (row?.revision ?? 0) + 1, seenMicros: this.nowMs * 1_000 })
  }

  /** As expireNodes: a verdict on an older revision is void. */
  #expire(collector: SimulatedCollector): void {
    for (const { id, revision, state } of collector.table.due(this.nowMs)) {
      const row = this.rows.get(id)
      if (row?.revision === revision) this.#store({ ...row, state, revision: revision + 1 })
    }
  }

  #store(row: RegisteredNode): void {
    const before = this.rows.get(row.id)
    this.rows.set(row.id, row)
    if (before?.state !== row.state)
      this.turns.push({ atMs: this.nowMs, id: row.id, state: row.state, isFlap: before !== undefined && row.state === 'up' })
    for (const collector of this.collectors) if (collector.isUp) this.#tell(collector, collector.table.merge([row], this.nowMs))
  }

  #tell({ watched }: SimulatedCollector, events: readonly TableEvent[]): void {
    for (const { type, node } of events) {
      if (type === 'active') watched.add(node.id)
      else watched.delete(node.id)
    }
  }
}

export function aRow(id: number, fields: Partial<RegisteredNode> = {}): RegisteredNode {
  return {
    id,
    uuid: `6f1c1f0e-2b51-4a7e-9d6c-${String(id).padStart(12, '0')}`,
    service: 'cart',
    environment: 'sandbox',
    version: '1.0',
    origin: 'native',
    address: `http://10.0.0.${id}:8080`,
    host: null,
    pid: null,
    runtime: null,
    sdk: null,
    properties: null,
    ttlSeconds: TTL_MS / 1_000,
    state: 'up',
    revision: 1,
    number: id,
    owner: null,
    replaced: null,
    successor: null,
    firstSeenMicros: 0,
    seenMicros: 0,
    stateMicros: 0,
    leftMicros: null,
    ...fields,
  }
}
