import type { StoredNode, StoredPart } from '@groundtrack/db'
import type { HopFate } from '../causality/index.js'
import { presenceOf } from './presence.js'

/** Span of the parts that stand for events of a session outside any hop. */
export const LOOSE_SPAN = '0000000000000000'

/** What all parts of one hop add up to. */
export interface HopSum {
  span: string
  nodeId: number | null
  /** When the last of its events arrived; 0 where none did. */
  receivedMicros: number
  /** Of its events; null where only a return names it. */
  firstMicros: number | null
  lastMicros: number | null
  openedMicros: number | null
  closedMicros: number | null
  closed: 'ok' | 'error' | null
  parent: string | null
  callSpan: string | null
  events: number
  numbered: number
  errors: number
  lastNumber: number
  atLeast: number
  /** Calls that want an answer, less returns; below 0 where calls are missing. */
  unanswered: number
  path: number[]
  name: string
  reason: string | null
  firstError: string | null
  properties: Record<string, unknown>
  detail: Record<string, unknown> | null
}

/** Merges the parts of one session into its hops; events outside any hop become one sum a node. */
export function mergeParts(parts: readonly StoredPart[]): HopSum[] {
  const sums = new Map<string, HopSum>()
  for (const part of parts) {
    const key = part.span === LOOSE_SPAN ? `${part.span} ${part.nodeId}` : part.span
    const sum = sums.get(key) ?? newSum(part.span)
    sums.set(key, sum)
    addPart(sum, part)
  }
  return [...sums.values()]
}

function newSum(span: string): HopSum {
  return {
    span,
    nodeId: null,
    receivedMicros: 0,
    firstMicros: null,
    lastMicros: null,
    openedMicros: null,
    closedMicros: null,
    closed: null,
    parent: null,
    callSpan: null,
    events: 0,
    numbered: 0,
    errors: 0,
    lastNumber: 0,
    atLeast: 0,
    unanswered: 0,
    path: [],
    name: '',
    reason: null,
    firstError: null,
    properties: {},
    detail: null,
  }
}

function addPart(sum: HopSum, part: StoredPart): void {
  sum.nodeId ??= part.nodeId
  if (part.events > 0) {
    sum.receivedMicros = Math.max(sum.receivedMicros, part.receivedMicros)
    sum.firstMicros = Math.min(sum.firstMicros ?? Infinity, part.firstMicros)
    sum.lastMicros = Math.max(sum.lastMicros ?? -Infinity, part.lastMicros)
  }
  if (part.openedMicros !== null) sum.openedMicros = Math.min(sum.openedMicros ?? Infinity, part.openedMicros)
  if (part.closedMicros !== null) {
    sum.closedMicros = Math.max(sum.closedMicros ?? -Infinity, part.closedMicros)
    sum.closed = part.status === 1 || sum.closed === 'error' ? 'error' : 'ok'
    sum.reason ??= part.reason
  }
  sum.parent ??= part.parent
  sum.callSpan ??= part.callSpan
  sum.events += part.events
  sum.numbered += part.numbered
  sum.errors += part.errors
  sum.lastNumber = Math.max(sum.lastNumber, part.lastNumber ?? 0)
  sum.atLeast = Math.max(sum.atLeast, part.atLeast ?? 0)
  sum.unanswered += part.unanswered ?? 0
  if (sum.path.length === 0 && part.path) sum.path = part.path
  if (sum.name === '' && part.name) sum.name = part.name
  sum.firstError ??= part.firstError
  if (part.properties) for (const [key, value] of Object.entries(part.properties)) setPlain(sum.properties, key, value)
  sum.detail ??= part.detail
}

/** Keys such as __proto__ stay plain data. */
export function setPlain(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

/** Whether work began in this hop, as far as is known. */
export function isWork(sum: HopSum): boolean {
  return sum.span !== LOOSE_SPAN && (sum.openedMicros !== null || sum.numbered > 0)
}

/** Whether its process has no SDK: plain OpenTelemetry, or MDK. */
export function isForeign({ nodeId }: HopSum, nodes: ReadonlyMap<number, StoredNode>): boolean {
  return (nodes.get(nodeId ?? -1)?.origin ?? 'native') !== 'native'
}

/** The root: of the hops with work and an empty path one that joined nobody, opened first; −1 where none was seen. */
export function findRoot(sums: readonly HopSum[]): number {
  return findFirst(sums, (sum) => isWork(sum) && sum.path.length === 0)
}

/** The hop that names the session: of those whose open was seen the one nearest to the root, most often the root itself. */
export function findTop(sums: readonly HopSum[]): number {
  return findFirst(sums, (sum) => sum.openedMicros !== null)
}

function findFirst(sums: readonly HopSum[], holds: (sum: HopSum) => boolean): number {
  let first = -1
  for (const [i, sum] of sums.entries()) {
    const best = sums[first]
    if (holds(sum) && (!best || compareRoots(sum, best) < 0)) first = i
  }
  return first
}

function compareRoots(a: HopSum, b: HopSum): number {
  return (
    a.path.length - b.path.length ||
    Number(a.parent !== null) - Number(b.parent !== null) ||
    (a.openedMicros ?? Infinity) - (b.openedMicros ?? Infinity) ||
    (a.firstMicros ?? 0) - (b.firstMicros ?? 0) ||
    (a.span < b.span ? -1 : 1)
  )
}

/** What outcome.ts needs, with parents found by call, by span or by path: exact where no open is missing. */
export function fatesOf(sums: readonly HopSum[], nodes: ReadonlyMap<number, StoredNode>): HopFate[] {
  const bySpan = new Map(sums.map((sum, i) => [sum.span, i]))
  const byPath = new Map<string, number>()
  for (const [i, sum] of sums.entries()) if (isWork(sum) && !byPath.has(sum.path.join('.'))) byPath.set(sum.path.join('.'), i)
  return sums.map((sum) => ({
    parent: parentOf(sum, bySpan, byPath),
    isWork: isWork(sum),
    closed: sum.closed,
    presence: presenceOf(sum.nodeId === null ? undefined : nodes.get(sum.nodeId)),
  }))
}

/** session_part doesn't hold calls, so a call's hop is found by path: the one whose clock it extends. */
function parentOf(sum: HopSum, bySpan: ReadonlyMap<string, number>, byPath: ReadonlyMap<string, number>): number {
  const parent = sum.parent === null ? undefined : bySpan.get(sum.parent)
  if (parent !== undefined) return parent
  for (let level = sum.path.length - 1; level >= 0; level--) {
    const caller = byPath.get(sum.path.slice(0, level).join('.'))
    if (caller !== undefined) return caller
  }
  return -1
}
