import type { NodeFigures, RegisteredNode, RegistryGap, StoredNodeChange, UnannouncedNode } from '@groundtrack/db'
import type { BoardNode, NodeState } from '../api.js'
import { formatMicros } from '../query/time.js'
import { drawLastHour, RESTART_MICROS } from './last-hour.js'
import { shortName } from './short-name.js'

/** What the board tells of nodes beside their rows. */
export interface BoardFacts {
  nowMicros: number
  /** Nobody can tell just now whether it is there. */
  isUnknown: (node: RegisteredNode) => boolean
  /** Of the last hour, oldest first, by row id. */
  changesOf: ReadonlyMap<number, readonly StoredNodeChange[]>
  /** Processes that came at an address within the last hour; see addressOf. */
  restartsAt: ReadonlyMap<string, number>
  gaps: readonly RegistryGap[]
  /** Of the last minute, by row id. */
  figuresOf: ReadonlyMap<number, NodeFigures>
  /** By UUID. */
  openBreakersOf: ReadonlyMap<string, number>
}

export const FIGURES_SECONDS = 60

export function presentBoardNode(node: RegisteredNode, facts: BoardFacts): BoardNode {
  const { nowMicros, changesOf, gaps } = facts
  const changes = changesOf.get(node.id) ?? []
  const state = stateOf(node, facts)
  const overMicros = node.seenMicros + node.ttlSeconds * 1_000_000
  const since = state === 'unknown' ? overMicros : node.stateMicros
  const unknownSinceMicros = state === 'unknown' ? overMicros : Infinity
  return {
    ...presentProcess(node),
    name: shortName(node),
    state,
    since: formatMicros(since),
    lastBeat: formatMicros(node.seenMicros),
    ttlSeconds: node.ttlSeconds,
    firstSeen: formatMicros(node.firstSeenMicros),
    ...(node.replaced !== null && { replaced: node.replaced }),
    restarts: node.address === null ? 0 : (facts.restartsAt.get(addressOf(node)) ?? 0),
    flaps: changes.filter(({ change }) => change === 'flap').length,
    ...presentFigures(node, facts),
    lastHour: drawLastHour({ state: node.state, firstSeenMicros: node.firstSeenMicros, changes, unknownSinceMicros }, gaps, nowMicros),
  }
}

/** A node that logs, but never said that it is there. */
export function presentUnannounced(node: UnannouncedNode, facts: BoardFacts): BoardNode {
  const firstSeen = formatMicros(node.firstSeenMicros)
  return {
    ...presentProcess(node),
    name: shortName({ ...node, number: null }),
    state: 'unknown',
    since: firstSeen,
    lastBeat: null,
    ttlSeconds: null,
    firstSeen,
    restarts: 0,
    flaps: 0,
    ...presentFigures(node, facts),
    lastHour: '.'.repeat(60),
  }
}

/** Where processes follow one another. */
export function addressOf({ service, environment, address }: RegisteredNode): string {
  return JSON.stringify([service, environment, address])
}

function stateOf(node: RegisteredNode, { nowMicros, isUnknown }: BoardFacts): NodeState {
  if (isUnknown(node)) return 'unknown'
  const isRestarting = node.leftMicros !== null && node.successor === null && nowMicros - node.leftMicros < RESTART_MICROS
  return node.state === 'gone' && isRestarting ? 'restarting' : node.state
}

function presentProcess({
  uuid,
  service,
  version,
  environment,
  address,
  host,
  pid,
  runtime,
  sdk,
  origin,
}: UnannouncedNode | RegisteredNode) {
  return {
    id: uuid,
    service,
    version,
    environment,
    ...(address !== null && { address }),
    ...(host !== null && { host }),
    ...(pid !== null && { pid }),
    ...(runtime !== null && { runtime }),
    ...(sdk !== null && { sdk }),
    ...(origin !== 'native' && { origin }),
  }
}

function presentFigures({ id, uuid }: { id: number; uuid: string }, { figuresOf, openBreakersOf }: BoardFacts) {
  const { events = 0, errors = 0, sessions = 0 } = figuresOf.get(id) ?? {}
  return { sessionsPerSecond: sessions / FIGURES_SECONDS, events, errors, openBreakers: openBreakersOf.get(uuid) ?? 0 }
}
