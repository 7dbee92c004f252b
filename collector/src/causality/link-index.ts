import type { CausalEvent } from './event.js'
import type { Hops } from './hops.js'

/** What tying hops looks things up in. */
export interface EventIndex {
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
  /** Whether anything was decided by which event or hop comes first in time. */
  isTimed: boolean
}

export function indexEvents(events: readonly CausalEvent[], tree: Hops, drawn: Float64Array): EventIndex {
  const hopOf = new Int32Array(events.length).fill(-1)
  const placeOf = new Int32Array(events.length)
  const calls = new Map<string, number>()
  const returns = new Map<string, number>()
  let isTimed = false
  for (let h = 0; h < tree.hops.length; h++) {
    const members = tree.hops[h]?.events ?? []
    for (let place = 0; place < members.length; place++) {
      const index = members[place] ?? 0
      const event = events[index]
      hopOf[index] = h
      placeOf[index] = place
      if (event?.kind === 'call' && event.call !== undefined) isTimed = addFirst(calls, event.call, index) || isTimed
      if (event?.kind === 'return' && event.callee) isTimed = addFirst(returns, event.callee.span, index) || isTimed
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
    isTimed,
  }
}

/** True where another one was there before. */
function addFirst(map: Map<string, number>, key: string, index: number): boolean {
  if (map.has(key)) return true
  map.set(key, index)
  return false
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
