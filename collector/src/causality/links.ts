import type { CausalEvent } from './event.js'
import type { CausalHop, Hops } from './hops.js'
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
  return { links, cutHops: cutCycles(links), hopOf: index.hopOf, placeOf: index.placeOf }
}

interface EventIndex {
  /** Microseconds. */
  drawn: Float64Array
  /** Hop of each event. */
  hopOf: Int32Array
  /** Place of each event within its hop. */
  placeOf: Int32Array
  calls: Map<string, number>
  /** The first return that names a hop, by that hop's span. */
  returns: Map<string, number>
  /** Hops with numbered events by their path. */
  byPath(): Map<string, number[]>
  /** Clock of a call, by its id, as the hops say that it sent. */
  pathOfCall(): Map<string, readonly number[]>
}

function indexEvents(events: readonly CausalEvent[], tree: Hops, drawn: Float64Array): EventIndex {
  const hopOf = new Int32Array(events.length).fill(-1)
  const placeOf = new Int32Array(events.length)
  const calls = new Map<string, number>()
  const returns = new Map<string, number>()
  for (let h = 0; h < tree.hops.length; h++) {
    const members = tree.hops[h]?.events ?? []
    for (let place = 0; place < members.length; place++) {
      const index = members[place] ?? 0
      const event = events[index]
      hopOf[index] = h
      placeOf[index] = place
      if (event?.kind === 'call' && event.call !== undefined && !calls.has(event.call)) calls.set(event.call, index)
      if (event?.kind === 'return' && event.callee && !returns.has(event.callee.span)) returns.set(event.callee.span, index)
    }
  }
  // Where every hop is tied by its call, nobody asks for these.
  let byPath: Map<string, number[]> | undefined
  let pathOfCall: Map<string, readonly number[]> | undefined
  return {
    drawn,
    hopOf,
    placeOf,
    calls,
    returns,
    byPath: () => (byPath ??= groupByPath(events, tree)),
    pathOfCall: () => (pathOfCall ??= listPaths(tree)),
  }
}

function groupByPath(events: readonly CausalEvent[], { hops }: Hops): Map<string, number[]> {
  const byPath = new Map<string, number[]>()
  for (let h = 0; h < hops.length; h++) {
    const hop = hops[h]
    if (!hop?.events.some((index) => events[index]?.number !== null)) continue
    const key = hop.path.join('.')
    const twins = byPath.get(key)
    if (twins) twins.push(h)
    else byPath.set(key, [h])
  }
  return byPath
}

function listPaths({ hops }: Hops): Map<string, readonly number[]> {
  const pathOfCall = new Map<string, readonly number[]>()
  for (const { call, path } of hops) if (call !== null && path.length > 0 && !pathOfCall.has(call)) pathOfCall.set(call, path)
  return pathOfCall
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
  const path = hop.path.length > 0 ? hop.path : (index.pathOfCall().get(hop.parent ?? '') ?? hop.path)
  const byPath = underPath(events, tree, index, path, self)
  return byReturn ? { ...byReturn, cause: byPath?.cause ?? -1 } : (byPath ?? unlinked(hop))
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
