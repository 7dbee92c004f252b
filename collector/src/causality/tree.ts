import type { CausalGraph } from './graph.js'
import type { CausalHop } from './hops.js'

export interface CallOrder {
  /** Positions in `events`, first to last: each hop stands right after the call that sent it. */
  order: Int32Array
  /** Position of the hop that each hop is shown under, −1 at the top; as `links`, whatever order hops come in. */
  parentOf: Int32Array
  /** Depth in the tree of each hop, 0 at the top. */
  depthOf: Int32Array
  /** By hop: 1 where another hop has the same path and parent, so that the same headers were joined twice. */
  joinedTwice: Uint8Array
}

/** By call: hops nested under the call that made them, in the order of their numbers. Without recursion; linear but for sorting. */
export function orderByCall(graph: CausalGraph): CallOrder {
  const { tree, links, events } = graph
  const { top, children } = nest(graph)
  const order = new Int32Array(events.length)
  const depthOf = new Int32Array(tree.hops.length)
  let written = 0
  const stack: { hop: number; place: number; child: number }[] = []
  const finish = () => {
    for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
      const members = tree.hops[frame.hop]?.events ?? []
      const child = children[frame.hop]?.[frame.child]
      const until = child === undefined ? members.length : (links[child]?.position ?? 0)
      while (frame.place < until) order[written++] = members[frame.place++] ?? 0
      if (child === undefined) {
        stack.pop()
        continue
      }
      frame.child++
      depthOf[child] = stack.length
      stack.push({ hop: child, place: 0, child: 0 })
    }
  }
  for (const item of top) {
    if (item.hop < 0) order[written++] = item.event
    else stack.push({ hop: item.hop, place: 0, child: 0 })
    finish()
  }
  return { order, parentOf: Int32Array.from(links, (link) => link.caller), depthOf, joinedTwice: findTwins(graph) }
}

/** Hops under each hop by position then first event; at the top roots, hops of unknown callers and events without a hop, by first event. */
function nest({ tree, links, rank }: CausalGraph): { top: { hop: number; event: number }[]; children: number[][] } {
  const children: number[][] = tree.hops.map(() => [])
  const top = tree.loose.map((event) => ({ hop: -1, event }))
  for (let h = 0; h < tree.hops.length; h++) {
    const caller = links[h]?.caller ?? -1
    if (caller < 0) top.push({ hop: h, event: tree.hops[h]?.events[0] ?? 0 })
    else children[caller]?.push(h)
  }
  // Hops come by the rank of their first event, so a stable sort by position is enough.
  for (const list of children) list.sort((a, b) => (links[a]?.position ?? 0) - (links[b]?.position ?? 0))
  top.sort((a, b) => (rank[a.event] ?? 0) - (rank[b.event] ?? 0))
  return { top, children }
}

function findTwins({ tree, links }: CausalGraph): Uint8Array {
  const twins = new Uint8Array(tree.hops.length)
  const firstOfParent = new Map<string, number>()
  // Paths are compared only among hops of one parent: most have none but themselves.
  const firstOf = new Map<string, number>()
  const pathKey = ({ parent, path }: CausalHop) => `${parent} ${path.join('.')}`
  for (let h = 0; h < tree.hops.length; h++) {
    const hop = tree.hops[h]
    if (!hop || hop.parent === null || links[h]?.by === 'parent') continue
    const sibling = firstOfParent.get(hop.parent)
    if (sibling === undefined) {
      firstOfParent.set(hop.parent, h)
      continue
    }
    const eldest = tree.hops[sibling]
    if (eldest && !firstOf.has(pathKey(eldest))) firstOf.set(pathKey(eldest), sibling)
    const first = firstOf.get(pathKey(hop))
    if (first === undefined) firstOf.set(pathKey(hop), h)
    else twins[first] = twins[h] = 1
  }
  return twins
}
