export type HopState = 'ok' | 'failed' | 'running' | 'died' | 'unknown'
export type Outcome = HopState
/** Where a node is: `gone` once it left or was silent for twice its time to live; `unknown` where it never announced itself. */
export type Presence = 'present' | 'gone' | 'unknown'

/** What outcome and error need to know of one hop. */
export interface HopFate {
  /** Position of the hop that it is shown under; −1 at the top. */
  parent: number
  /** False where nothing tells that work began: only events without numbers, or only a return that names it. */
  isWork: boolean
  closed: 'ok' | 'error' | null
  presence: Presence
}

/** State of one hop: how it closed, or else where its node is. */
export function hopState({ closed, isWork, presence }: HopFate): HopState {
  if (closed !== null) return closed === 'ok' ? 'ok' : 'failed'
  if (!isWork || presence === 'unknown') return 'unknown'
  return presence === 'present' ? 'running' : 'died'
}

/**
 * Outcome of a session. A root closed with error decides; else work that goes on, then work that died; then the root's
 * word. `root` is the position of the root hop, −1 where none was seen.
 */
export function sessionOutcome(hops: readonly HopFate[], root: number): Outcome {
  const rootFate = hops[root]
  if (rootFate?.closed === 'error') return 'failed'
  const states = new Set(hops.map(hopState))
  if (states.has('running')) return 'running'
  if (states.has('died')) return 'died'
  return rootFate?.closed === 'ok' ? 'ok' : 'unknown'
}

/** The deepest failed hop without a failed child: there the session's error is. Of equals the first; −1 where nothing failed. */
export function deepestFailed(hops: readonly HopFate[]): number {
  const depths = hopDepths(hops.map((hop) => hop.parent))
  const hasFailedChild = new Uint8Array(hops.length)
  for (const hop of hops) if (hop.closed === 'error' && hop.parent >= 0) hasFailedChild[hop.parent] = 1
  let deepest = -1
  for (let h = 0; h < hops.length; h++) {
    if (hops[h]?.closed !== 'error' || hasFailedChild[h] === 1) continue
    if (deepest < 0 || (depths[h] ?? 0) > (depths[deepest] ?? 0)) deepest = h
  }
  return deepest
}

/** Depth of each hop by its parent's position, 0 at the top. A cycle of parents ends where it is met again. */
function hopDepths(parents: readonly number[]): Int32Array {
  const depths = new Int32Array(parents.length).fill(-1)
  for (let start = 0; start < parents.length; start++) {
    const path: number[] = []
    const onPath = new Set<number>()
    let at = start
    while (at >= 0 && depths[at] === -1 && !onPath.has(at)) {
      path.push(at)
      onPath.add(at)
      at = parents[at] ?? -1
    }
    let depth = at >= 0 ? (depths[at] ?? -1) : -1
    for (const hop of path.toReversed()) depths[hop] = ++depth
  }
  return depths
}
