import type { StoredNode } from '@groundtrack/db'
import type { NodeView } from '../api.js'
import type { Presence } from '../causality/index.js'

/**
 * A node that left, or was silent for twice its time to live, is gone: what it left open died. One that never announced itself,
 * or has no SDK that would, is unknown.
 */
export function presenceOf(node: StoredNode | undefined, nowMs: number): Presence {
  if (!node || node.origin !== 'native' || node.ttlSeconds === null || (node.seenMicros === null && node.leftMicros === null))
    return 'unknown'
  if (node.leftMicros !== null) return 'gone'
  return (node.seenMicros ?? 0) / 1_000 + node.ttlSeconds * 2_000 < nowMs ? 'gone' : 'present'
}

/** As presence, but a node that missed a beat is stale. */
export function nodeState(node: StoredNode, nowMs: number): NodeView['state'] {
  const presence = presenceOf(node, nowMs)
  if (presence !== 'present') return presence
  return (node.seenMicros ?? 0) / 1_000 + (node.ttlSeconds ?? 0) * 1_000 < nowMs ? 'stale' : 'up'
}
