import type { StoredNode } from '@groundtrack/db'
import type { NodeWords } from '../causality/index.js'

/** What to call each node of a session, by its UUID: its service, and the beginning of its id where there are several of that service. */
export function nameNodes(nodes: ReadonlyMap<number, StoredNode>): (node: string) => NodeWords | undefined {
  const nodesOf = new Map<string, Set<string>>()
  for (const { service, node } of nodes.values()) nodesOf.set(service, (nodesOf.get(service) ?? new Set()).add(node))
  const words = new Map<string, NodeWords>()
  for (const { node, service, environment } of nodes.values()) {
    const isOnly = (nodesOf.get(service)?.size ?? 0) < 2
    if (!words.has(node)) words.set(node, { name: isOnly ? service : `${service} (${node.slice(0, 8)})`, environment })
  }
  return (node) => words.get(node)
}
