/** Constraints between numbers x of `count` vertices: x[to] − x[from] ≤ bound, each for each. */
export interface Constraints {
  count: number
  from: number[]
  to: number[]
  bound: number[]
}

// Bounds of a search that was cut short are true, but not the tightest: only forged sessions get there.
const MAX_STEPS = 20_000_000

export interface Relaxed {
  /** The greatest value of each vertex that the constraints allow, given the values that the search began with. */
  greatest: Float64Array
  /** Positions of constraints that contradict each other, each leading to where the next begins; empty where none do. */
  cycle: number[]
}

/**
 * Shortest paths in the graph of constraints (Bellman–Ford) from the values in `start`, Infinity where nothing is known yet.
 * Vertices are swept by turns in breadth-first order from `root` and back, so a tree takes three sweeps.
 */
export function relax(constraints: Constraints, start: Float64Array, root: number): Relaxed {
  const { from, to, bound, count } = constraints
  const greatest = start.slice()
  const via = new Int32Array(count).fill(-1)
  const sweep = sweepOrder(constraints, root)
  const most = Math.min(2 * count + 4, Math.max(8, Math.floor(MAX_STEPS / (from.length + 1))))
  for (let round = 0; round < most; round++) {
    let isChanged = false
    for (let i = 0; i < sweep.length; i++) {
      const edge = sweep[round % 2 === 0 ? i : sweep.length - 1 - i] ?? 0
      const value = (greatest[from[edge] ?? 0] ?? 0) + (bound[edge] ?? 0)
      if (value >= (greatest[to[edge] ?? 0] ?? 0)) continue
      greatest[to[edge] ?? 0] = value
      via[to[edge] ?? 0] = edge
      isChanged = true
    }
    if (!isChanged) break
    const cycle = round > 0 ? findCycle(from, via) : []
    if (cycle.length > 0) return { greatest, cycle }
  }
  return { greatest, cycle: [] }
}

/** The same constraints seen from the other side: paths to a vertex instead of from it. */
export function reverse({ count, from, to, bound }: Constraints): Constraints {
  return { count, from: to, to: from, bound }
}

/** Constraints by the place of the vertex where they begin in a breadth-first walk, that goes both ways along them. */
function sweepOrder({ count, from, to }: Constraints, root: number): Int32Array {
  const neighbours: number[][] = Array.from({ length: count }, () => [])
  for (let edge = 0; edge < from.length; edge++) {
    neighbours[from[edge] ?? 0]?.push(to[edge] ?? 0)
    neighbours[to[edge] ?? 0]?.push(from[edge] ?? 0)
  }
  const placeOf = new Int32Array(count).fill(-1)
  const queue: number[] = []
  const visit = (vertex: number) => {
    if (placeOf[vertex] !== -1) return
    placeOf[vertex] = queue.length
    queue.push(vertex)
  }
  let next = 0
  const walk = () => {
    for (; next < queue.length; next++) for (const vertex of neighbours[queue[next] ?? 0] ?? []) visit(vertex)
  }
  if (root >= 0) visit(root)
  walk()
  for (let vertex = 0; vertex < count; vertex++) {
    visit(vertex)
    walk()
  }
  return Int32Array.from(from, (_, edge) => edge).sort((a, b) => (placeOf[from[a] ?? 0] ?? 0) - (placeOf[from[b] ?? 0] ?? 0) || a - b)
}

/** A cycle among the constraints that last lowered each vertex; it exists only where they contradict each other. */
function findCycle(from: readonly number[], via: Int32Array): number[] {
  const visitedIn = new Int32Array(via.length).fill(-1)
  for (let start = 0; start < via.length; start++) {
    let at = start
    while (visitedIn[at] === -1 && (via[at] ?? -1) >= 0) {
      visitedIn[at] = start
      at = from[via[at] ?? 0] ?? 0
    }
    if (visitedIn[at] !== start || (via[at] ?? -1) < 0) continue
    const cycle: number[] = []
    let vertex = at
    do {
      cycle.push(via[vertex] ?? 0)
      vertex = from[via[vertex] ?? 0] ?? 0
    } while (vertex !== at)
    return cycle.toReversed()
  }
  return []
}
