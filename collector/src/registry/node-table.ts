import type { Expiry, RegisteredNode } from '@groundtrack/db'
import { ExpiryGuard } from './expiry-guard.js'

/** `active`: others may be sent there, or what is known of it changed. `expire`: nobody is sent there any more. */
export interface TableEvent {
  type: 'active' | 'expire'
  node: RegisteredNode
}

export interface TableHealth {
  state: 'healthy' | 'grace' | 'degraded'
  /** Nodes whose time is over and that are not let go. */
  held: number
}

/** What is one row of the registry. */
export type NodeKey = Pick<RegisteredNode, 'uuid' | 'service' | 'environment'>

export interface Entry {
  node: RegisteredNode
  /** When this collector learned of its last heartbeat, or began to listen anew: monotonic milliseconds. */
  heardMs: number
  /** Heard since this collector began to listen. */
  isHeard: boolean
  /** Its time was over while too many were silent: nobody can tell whether it is there, so it goes only after twice that time. */
  isHeld: boolean
}

/** Silent for longer than this share of its time to live a node is suspect: those that would expire soon count with those due. */
const SUSPECT_SHARE = 0.75
/** Where nobody at all is heard, nodes are let go after so many times their time to live. */
const DEAF_FACTOR = 20
/** For no longer than that a collector is said to have just begun to listen, however long times to live are. */
const GRACE_MS = 60_000
/** Of an entry without its properties and address. */
const ENTRY_BYTES = 1_000

/**
 * The nodes as one collector knows them, and whom it takes for silent. Time is passed in, from a monotonic clock. A verdict is no
 * change: it is carried out in the database, and what that answers is merged.
 */
export class NodeTable {
  readonly #entries = new Map<number, Entry>()
  readonly #ids = new Map<string, number>()
  readonly #guard = new ExpiryGuard()
  #nextDueMs = Infinity
  /** Nodes that aren't gone. */
  liveCount = 0
  /** What all nodes take in memory, about. */
  bytes = 0

  get(id: number): Entry | undefined {
    return this.#entries.get(id)
  }

  find(key: NodeKey): RegisteredNode | undefined {
    return this.#entries.get(this.#ids.get(keyOf(key)) ?? -1)?.node
  }

  entries(): IterableIterator<Entry> {
    return this.#entries.values()
  }

  /** Takes rows as the database has them; older versions than the known ones change nothing. Answers what others should know, the active first. */
  merge(rows: readonly RegisteredNode[], nowMs: number): TableEvent[] {
    const changes: TableEvent[] = []
    for (const node of rows) {
      const known = this.#entries.get(node.id)
      if (known && node.revision <= known.node.revision) continue
      const isUp = node.state === 'up'
      this.#put({
        node,
        heardMs: isUp || !known ? heardAt(node, nowMs) : known.heardMs,
        isHeard: isUp || (known?.isHeard ?? true),
        isHeld: false,
      })
      changes.push(...compare(known?.node, node))
    }
    return changes.toSorted((a, b) => (a.type === b.type ? 0 : a.type === 'active' ? -1 : 1))
  }

  /** Everything anew, after a time in which nothing could be heard: a grace of one time to live begins for everybody. */
  reload(rows: readonly RegisteredNode[], nowMs: number): TableEvent[] {
    const before = new Map([...this.#entries].map(([id, { node }]) => [id, node]))
    for (const id of before.keys()) this.#drop(id)
    this.#guard.frozenSinceMs = null
    this.#nextDueMs = Infinity
    for (const node of rows) this.#put({ node, heardMs: heardAt(node, nowMs), isHeard: node.state !== 'up', isHeld: false })
    const changes = rows.flatMap((node) => compare(before.get(node.id), node))
    for (const node of rows) before.delete(node.id)
    for (const node of before.values()) if (node.state === 'up') changes.push({ type: 'expire', node })
    return changes.toSorted((a, b) => (a.type === b.type ? 0 : a.type === 'active' ? -1 : 1))
  }

  /** The collector did not listen for so long, though its clock went on. */
  skip(ms: number): void {
    for (const entry of this.#entries.values()) entry.heardMs += ms
    this.#nextDueMs += ms
    if (this.#guard.frozenSinceMs !== null) this.#guard.frozenSinceMs += ms
  }

  /** Nodes that are stale after one, gone after two times their time to live; while too many are silent at once, see ExpiryGuard. */
  due(nowMs: number): Expiry[] {
    if (nowMs <= this.#nextDueMs) return []
    const live = [...this.#entries.values()].filter(({ node }) => node.state !== 'gone')
    const suspects = live.filter((entry) => isSuspect(entry, nowMs)).length
    const isDue = live.some((entry) => isOver(entry, nowMs))
    this.#guard.judge({ watched: live.length, suspects, isDue }, nowMs)
    const frozenSinceMs = this.#guard.frozenSinceMs
    if (frozenSinceMs !== null) for (const entry of live) entry.isHeld ||= entry.node.state === 'up' && isOver(entry, nowMs)
    this.#nextDueMs = frozenSinceMs === null ? Math.min(...live.map(dueMs)) : -Infinity
    if (!isDue) return []
    return frozenSinceMs === null ? listExpired(live, nowMs) : listBeyondDoubt(live, frozenSinceMs, nowMs)
  }

  /** `isBlind`: the database doesn't answer, so nobody is judged. */
  health(nowMs: number, isBlind: boolean): TableHealth {
    const isFrozen = this.#guard.frozenSinceMs !== null || isBlind
    let held = 0
    let isGrace = false
    for (const entry of this.#entries.values()) {
      if (entry.node.state !== 'up') continue
      if (isFrozen && (entry.isHeld || isOver(entry, nowMs))) held += 1
      if (!entry.isHeard && nowMs - entry.heardMs <= GRACE_MS) isGrace = true
    }
    return { state: isFrozen ? 'degraded' : isGrace ? 'grace' : 'healthy', held }
  }

  /** Forgets nodes that went before `micros` (since the epoch), and of the others all but the newest `most`. */
  forgetGone(micros: number, most: number): void {
    const gone = [...this.#entries.values()].filter(({ node }) => node.state === 'gone').map(({ node }) => node)
    const newest = gone.toSorted((a, b) => b.stateMicros - a.stateMicros)
    for (const [i, node] of newest.entries()) if (i >= most || node.stateMicros < micros) this.#drop(node.id)
  }

  #put(entry: Entry): void {
    this.#drop(entry.node.id)
    this.#entries.set(entry.node.id, entry)
    this.#ids.set(keyOf(entry.node), entry.node.id)
    if (entry.node.state !== 'gone') this.liveCount += 1
    this.bytes += sizeOf(entry.node)
    this.#nextDueMs = Math.min(this.#nextDueMs, dueMs(entry))
  }

  #drop(id: number): void {
    const known = this.#entries.get(id)
    if (!known) return
    this.#entries.delete(id)
    this.#ids.delete(keyOf(known.node))
    if (known.node.state !== 'gone') this.liveCount -= 1
    this.bytes -= sizeOf(known.node)
  }
}

function keyOf({ uuid, service, environment }: NodeKey): string {
  return JSON.stringify([uuid, service, environment])
}

/** One that is stale when first seen has been silent for its time to live already. */
function heardAt(node: RegisteredNode, nowMs: number): number {
  return node.state === 'stale' ? nowMs - ttlMs(node) : nowMs
}

function sizeOf({ properties, address }: RegisteredNode): number {
  return ENTRY_BYTES + 2 * ((properties ? JSON.stringify(properties).length : 0) + (address?.length ?? 0))
}

function ttlMs(node: RegisteredNode): number {
  return node.ttlSeconds * 1_000
}

function dueMs({ node, heardMs, isHeld }: Entry): number {
  if (node.state === 'gone') return Infinity
  return heardMs + (node.state === 'up' && !isHeld ? 1 : 2) * ttlMs(node)
}

function isOver(entry: Entry, nowMs: number): boolean {
  return nowMs > dueMs(entry)
}

function isSuspect({ node, heardMs }: Entry, nowMs: number): boolean {
  return nowMs - heardMs > SUSPECT_SHARE * ttlMs(node)
}

function listExpired(live: readonly Entry[], nowMs: number): Expiry[] {
  return live
    .filter((entry) => isOver(entry, nowMs))
    .map(({ node, heardMs }) => ({
      id: node.id,
      revision: node.revision,
      state: nowMs - heardMs > 2 * ttlMs(node) ? ('gone' as const) : ('stale' as const),
    }))
}

/** Whoever beats proves that the collector hears: then those go who stay silent for another time to live. */
function listBeyondDoubt(live: readonly Entry[], frozenSinceMs: number, nowMs: number): Expiry[] {
  const isHearing = live.some((entry) => entry.isHeard && entry.heardMs >= frozenSinceMs && !isSuspect(entry, nowMs))
  return live
    .filter(({ node, heardMs }) => {
      const silentMs = nowMs - heardMs
      if (silentMs > DEAF_FACTOR * ttlMs(node)) return true
      return isHearing && silentMs > 2 * ttlMs(node) && nowMs - frozenSinceMs > ttlMs(node)
    })
    .map(({ node }) => ({ id: node.id, revision: node.revision, state: 'gone' as const }))
}

function compare(before: RegisteredNode | undefined, after: RegisteredNode): TableEvent[] {
  const wasUp = before?.state === 'up'
  if (after.state !== 'up') return wasUp ? [{ type: 'expire', node: after }] : []
  return wasUp && saysTheSame(before, after) ? [] : [{ type: 'active', node: after }]
}

function saysTheSame(a: RegisteredNode, b: RegisteredNode): boolean {
  return (
    a.version === b.version &&
    a.address === b.address &&
    a.ttlSeconds === b.ttlSeconds &&
    JSON.stringify(a.properties) === JSON.stringify(b.properties)
  )
}
