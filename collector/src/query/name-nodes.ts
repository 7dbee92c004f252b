import type { StoredNode } from '@groundtrack/db'
import type { NodeWords } from '../causality/index.js'
import { shortName } from '../registry/short-name.js'

/**
 * What to call each node of a session, by its UUID: as on all pages, where it was registered; else its service, and the beginning of
 * its id where there are several of that service. Two that had one name after another are told apart by their ids.
 */
export function nameNodes(nodes: ReadonlyMap<number, StoredNode>): (node: string) => NodeWords | undefined {
  const words = new Map<string, NodeWords>()
  for (const node of nodes.values()) {
    if (!words.has(node.node)) words.set(node.node, { name: nameOf(node), environment: node.environment })
  }
  const nodesOf = new Map<string, string[]>()
  for (const [node, { name }] of words) nodesOf.set(name, [...(nodesOf.get(name) ?? []), node])
  for (const [name, several] of nodesOf)
    if (several.length > 1)
      for (const node of several)
        words.set(node, { name: `${name} (${node.slice(0, 8)})`, environment: words.get(node)?.environment ?? '' })
  return (node) => words.get(node)
}

function nameOf({ service, number, node }: StoredNode): string {
  return number === null ? service : shortName({ service, number, uuid: node })
}
