import type { StoredNode } from '@groundtrack/db'
import type { NodeView } from '../api.js'
import type { Presence } from '../causality/index.js'

/**
 * As the registry has it: a node that left, or was silent for twice its time to live while it could be heard, is gone, and what it
 * left open died. One that never announced itself, or has no SDK that would, is unknown.
 */
export function presenceOf(node: StoredNode | undefined): Presence {
  if (!node || node.origin !== 'native' || node.state === null) return 'unknown'
  return node.state === 'gone' ? 'gone' : 'present'
}

/** As presence, but a node that missed its beats is stale. */
export function nodeState(node: StoredNode): NodeView['state'] {
  const presence = presenceOf(node)
  if (presence !== 'present') return presence
  return node.state === 'stale' ? 'stale' : 'up'
}
