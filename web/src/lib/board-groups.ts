import type { BoardNode, NodeState } from '@groundtrack/collector/api'
import { countStates } from './node-words'

/** A service of an environment, its versions, and their nodes, in an order that no state changes. */
export interface BoardService {
  service: string
  environment: string
  versions: { version: string; nodes: BoardNode[] }[]
  counts: Record<NodeState, number>
  total: number
}

const IN_ORDER = new Intl.Collator('en', { numeric: true })

/** By name, with numbers as numbers: cart-2 before cart-10. */
export function compareNames(a: string, b: string): number {
  return IN_ORDER.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}

/** Services by name, newer versions first, nodes by name: what is read stays where it is. */
export function groupBoard(nodes: readonly BoardNode[]): BoardService[] {
  const services = new Map<string, BoardNode[]>()
  for (const node of nodes) {
    const key = `${node.service}\n${node.environment}`
    const known = services.get(key)
    if (known) known.push(node)
    else services.set(key, [node])
  }
  return [...services.values()]
    .map(toService)
    .toSorted((a, b) => compareNames(a.service, b.service) || compareNames(a.environment, b.environment))
}

/** Those whose name, service, version, address, host, environment or id hold every word, and that are in the state that is asked for. */
export function filterNodes(nodes: readonly BoardNode[], words: string | undefined, state: NodeState | undefined): readonly BoardNode[] {
  const wanted = splitWords(words)
  if (wanted.length === 0 && state === undefined) return nodes
  return nodes.filter((node) => (state === undefined || node.state === state) && holdsAll(wordsOf(node), wanted))
}

/** "Cart  10.0" → ["cart", "10.0"] */
export function splitWords(words: string | undefined): string[] {
  return (words ?? '').toLowerCase().split(/\s+/).filter((word) => word !== '') // prettier-ignore
}

export function holdsAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word))
}

/** One of several services of a process has a card of its own. */
export function cardKey(node: BoardNode): string {
  return `${node.id} ${node.service} ${node.environment}`
}

function toService(nodes: BoardNode[]): BoardService {
  const versions = new Map<string, BoardNode[]>()
  for (const node of nodes) {
    const its = versions.get(node.version)
    if (its) its.push(node)
    else versions.set(node.version, [node])
  }
  const { service = '', environment = '' } = nodes[0] ?? {}
  return {
    service,
    environment,
    versions: [...versions]
      .map(([version, its]) => ({ version, nodes: its.toSorted((a, b) => compareNames(a.name, b.name) || compareNames(a.id, b.id)) }))
      .toSorted((a, b) => compareNames(b.version, a.version)),
    counts: countStates(nodes),
    total: nodes.length,
  }
}

function wordsOf({ name, service, version, address = '', host = '', environment, id }: BoardNode): string {
  return `${name}\n${service}\n${version}\n${address}\n${host}\n${environment}\n${id}`.toLowerCase()
}
