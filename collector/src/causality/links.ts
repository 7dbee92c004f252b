import type { CausalEvent } from './event.js'
import type { CausalHop, Hops } from './hops.js'
import { indexEvents, type EventIndex } from './link-index.js'
import { linkStrays } from './link-strays.js'

/** How a hop hangs on the one that sent it. */
export interface HopLink {
  /** Position of the caller in `hops`; −1 for a root and where nothing tells. */
  caller: number
  /** How many of the caller's events stand before this hop in the tree. */
  position: number
  /** The caller's last known event that happened before this hop's first; −1 where none is known. */
  cause: number
  /** Index of the call event that sent it; −1 where it was not seen. */
  call: number
  /** `call`: by the call's id; `parent`: its parent is a hop; `return`: a return names it; `path`: by its clock; `guess`: several hops have that path. */
  by: 'root' | 'call' | 'parent' | 'return' | 'path' | 'guess' | 'unknown'
  /** Number of the caller's event that sent it, where known: proof that the caller counted so far. */
  callNumber: number
}

const MAX_LEVELS = 64

/** The ties of all hops, which of them had to be cut, and where each event stands. */
export interface Linked {
  links: HopLink[]
  cutHops: number[]
  hopOf: Int32Array
  placeOf: Int32Array
  /** Time, and not numbers and ids alone, decided some of it. */
  isTimed: boolean
}

// How many hops are tied between two places to pause.
const HOPS_A_STEP = 4_096

/** Ties each hop to its caller. Cycles of callers are cut at the hop whose first event is latest. */
export function* linkHops(events: readonly CausalEvent[], tree: Hops, drawn: Float64Array): Generator<void, Linked, void> {
  const index = indexEvents(events, tree, drawn)
  yield
  const links: HopLink[] = []
  for (let h = 0; h < tree.hops.length; h++) {
    const hop = tree.hops[h]
    if (hop) links.push(linkHop(events, tree, index, hop, h))
    if (h % HOPS_A_STEP === HOPS_A_STEP - 1) yield
  }
  linkStrays(tree, links, index)
  const cutHops = cutCycles(links)
  return { links, cutHops, hopOf: index.hopOf, placeOf: index.placeOf, isTimed: index.isTimed || cutHops.length > 0 }
}

function linkHop(events: readonly CausalEvent[], tree: Hops, index: EventIndex, hop: CausalHop, self: number): HopLink {
  const call = index.calls.get(hop.call ?? '') ?? index.calls.get(hop.parent ?? '') ?? callOfReturn(events, index, hop)
  const callHop = call === undefined ? -1 : (index.hopOf[call] ?? -1)
  const parent = tree.bySpan.get(hop.parent ?? '') ?? -1

  if (parent >= 0 && parent !== self) {
    const link = underParent(events, tree, index, hop, parent, callHop === self ? undefined : call)
    if (link.cause >= 0) return link
    const cause = underPath(events, tree, index, hop.path, self)?.cause ?? -1
    return { ...link, cause: cause >= 0 ? cause : (tree.hops[parent]?.open ?? -1) }
  }
  if (call !== undefined && callHop >= 0 && callHop !== self) {
    const position = (index.placeOf[call] ?? 0) + 1
    return { caller: callHop, position, cause: call, call, by: 'call', callNumber: events[call]?.number ?? 0 }
  }
  const byReturn = underReturn(tree, index, hop, self)
  if (byReturn && byReturn.cause >= 0) return byReturn
  // An OpenTelemetry span knows no clock, but what it called was given that of the call.
  const path = hop.path.length > 0 ? hop.path : pathOfParent(index, hop)
  const byPath = underPath(events, tree, index, path, self)
  return byReturn ? { ...byReturn, cause: byPath?.cause ?? -1 } : (byPath ?? unlinked(hop))
}

/** Of several hops that one call sent the first is asked. */
function pathOfParent(index: EventIndex, hop: CausalHop): readonly number[] {
  const path = index.pathOfCall().get(hop.parent ?? '')
  if (path) index.isTimed = true
  return path ?? hop.path
}

function callOfReturn(events: readonly CausalEvent[], index: EventIndex, hop: CausalHop): number | undefined {
  const id = events[index.returns.get(hop.span) ?? -1]?.call
  return id === undefined ? undefined : index.calls.get(id)
}

function unlinked(hop: CausalHop): HopLink {
  const isRoot = hop.path.length === 0 && hop.parent === null
  return { caller: -1, position: 0, cause: -1, call: -1, by: isRoot ? 'root' : 'unknown', callNumber: 0 }
}

/** An OpenTelemetry span in between: shown under it, caused by the call that our own header names. */
function underParent(
  events: readonly CausalEvent[],
  tree: Hops,
  index: EventIndex,
  hop: CausalHop,
  parent: number,
  call: number | undefined,
): HopLink {
  const members = tree.hops[parent]?.events ?? []
  if (call !== undefined && index.hopOf[call] === parent) {
    const position = (index.placeOf[call] ?? 0) + 1
    return { caller: parent, position, cause: call, call, by: 'call', callNumber: events[call]?.number ?? 0 }
  }
  index.isTimed = true
  const firstMicros = index.drawn[hop.events[0] ?? -1] ?? 0
  const position = Math.max(
    1,
    countLeading(members.length, (place) => (index.drawn[members[place] ?? -1] ?? 0) <= firstMicros),
  )
  return { caller: parent, position, cause: call ?? -1, call: call ?? -1, by: 'parent', callNumber: 0 }
}

/** The call itself is missing, but its return names this hop: it stands just before that return. */
function underReturn(tree: Hops, index: EventIndex, hop: CausalHop, self: number): HopLink | undefined {
  const back = index.returns.get(hop.span)
  const caller = back === undefined ? -1 : (index.hopOf[back] ?? -1)
  const callerHop = tree.hops[caller]
  if (back === undefined || !callerHop || caller === self) return undefined
  const number = hop.path.at(-1)
  if (number !== undefined && startsWith(hop.path, callerHop.path) && hop.path.length === callerHop.path.length + 1)
    return underNumber(caller, callerHop, number, 'return', number)
  return { caller, position: index.placeOf[back] ?? 0, cause: -1, call: -1, by: 'return', callNumber: 0 }
}

/**
 * By clock: under the hop with the longest known beginning of this hop's path; where several hops have that beginning the
 * place is a guess. The cause is the nearest event of an ancestor that is no guess.
 */
function underPath(
  events: readonly CausalEvent[],
  tree: Hops,
  index: EventIndex,
  path: readonly number[],
  self: number,
): HopLink | undefined {
  let key = path.join('.')
  let place: HopLink | undefined
  const least = Math.max(0, path.length - MAX_LEVELS)
  for (let level = path.length - 1; level >= least; level--) {
    key = key.slice(0, Math.max(0, key.lastIndexOf('.')))
    const number = path[level] ?? 0
    const isNext = level === path.length - 1
    const { count, first } = possibleCallers(events, tree, index.byPath().get(key) ?? [], self, isNext ? number : -1)
    const caller = tree.hops[first]
    if (!caller) continue
    const isCertain = count === 1
    if (!isCertain) index.isTimed = true
    const link = underNumber(first, caller, number, isCertain ? 'path' : 'guess', isNext && isCertain ? number : 0)
    if (isCertain && link.cause >= 0) return place ? { ...place, cause: link.cause } : withCall(events, link, isNext ? number : -1)
    place ??= { ...link, cause: -1 }
  }
  return place
}

/** The event of that very number, if it is a call, is the one that sent this hop, whose open is missing. */
function withCall(events: readonly CausalEvent[], link: HopLink, number: number): HopLink {
  const cause = events[link.cause]
  return cause?.kind === 'call' && cause.number === number ? { ...link, call: link.cause, by: 'call' } : link
}

/** A hop whose event of that number is another call can't be the caller of one whose open names its call. Looks at no more than 64 twins. */
function possibleCallers(
  events: readonly CausalEvent[],
  tree: Hops,
  twins: number[],
  self: number,
  number: number,
): { count: number; first: number } {
  const namesCall = tree.hops[self]?.call !== null
  let count = 0
  let first = -1
  for (const twin of twins.slice(0, MAX_LEVELS)) {
    const caller = tree.hops[twin]
    const last = number < 0 || !caller ? undefined : events[caller.events[countNumbers(caller, number) - 1] ?? -1]
    const isOther = namesCall && last?.number === number && last.call !== undefined
    if (twin === self || isOther) continue
    if (count === 0) first = twin
    count++
  }
  return { count: twins.length > MAX_LEVELS ? Math.max(2, count) : count, first }
}

function underNumber(caller: number, hop: CausalHop, number: number, by: HopLink['by'], callNumber: number): HopLink {
  const position = countNumbers(hop, number)
  return { caller, position, cause: hop.events[position - 1] ?? -1, call: -1, by, callNumber }
}

/** How many of a hop's events stand at or before the last numbered one whose number is at most `number`. */
export function countNumbers(hop: CausalHop, number: number): number {
  const passed = countLeading(hop.reached.length, (place) => (hop.reached[place] ?? 0) <= number)
  const last = hop.reached[passed - 1] ?? 0
  if (last === 0) return 0
  return countLeading(passed, (place) => (hop.reached[place] ?? 0) < last) + 1
}

/** Length of the leading run for which `holds` is true, by bisection. */
function countLeading(length: number, holds: (place: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) low = middle + 1
    else high = middle
  }
  return low
}

function startsWith(path: readonly number[], prefix: readonly number[]): boolean {
  return prefix.every((number, level) => path[level] === number)
}

/** The hops that were cut. */
function cutCycles(links: HopLink[]): number[] {
  const cut: number[] = []
  const visitedIn = new Int32Array(links.length).fill(-1)
  for (let start = 0; start < links.length; start++) {
    let at = start
    while (at >= 0 && visitedIn[at] === -1) {
      visitedIn[at] = start
      at = links[at]?.caller ?? -1
    }
    if (at < 0 || visitedIn[at] !== start) continue
    let latest = at
    for (let next = links[at]?.caller ?? at; next !== at; next = links[next]?.caller ?? at) latest = Math.max(latest, next)
    links[latest] = { caller: -1, position: 0, cause: -1, call: -1, by: 'unknown', callNumber: 0 }
    cut.push(latest)
  }
  return cut
}
