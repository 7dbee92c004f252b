import type { Node } from './node.js'

/** A node that needs no collector: `{ service: 'cart', version: '1.0', address: 'http://10.0.0.3:8080' }`. */
export interface StaticNode {
  service: string
  /** MAJOR.MINOR; without it the node serves whatever version is asked for. */
  version?: string
  address: string
}

const MAX_NODES = 1_000
const ENTRY = /^([^@=]+)(?:@([^@=]*))?=(.+)$/s

/**
 * Reads `cart@1.0=http://10.0.0.3:8080,cart@1.0=http://10.0.0.4:8080,mailer=http://10.0.0.5`: an entry for each node, apart by commas or
 * white space. Throws an Error that names the entry.
 */
export function parseStaticNodes(text: string): StaticNode[] {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '')
  return entries.map((entry) => {
    const [, service, version, address] = ENTRY.exec(entry) ?? []
    if (service === undefined || address === undefined)
      throw new Error(`groundtrack: GROUNDTRACK_NODES must look like cart@1.0=http://10.0.0.3:8080,…; "${entry.slice(0, 200)}" doesn't.`)
    return { service, address, ...(version === undefined || version === '' ? {} : { version }) }
  })
}

/** Nodes by service. Throws an Error where the option `nodes` is wrong. */
export function readStaticNodes(nodes: readonly StaticNode[]): ReadonlyMap<string, readonly Node[]> {
  const byService = new Map<string, Node[]>()
  if (!Array.isArray(nodes) || nodes.length > MAX_NODES)
    throw new Error(`groundtrack: nodes must be a list of at most ${MAX_NODES} nodes, each { service, version?, address }.`)
  for (const node of nodes as readonly StaticNode[]) {
    const { service, version, address } = node
    const isWhole = isText(service) && isText(address) && (version === undefined || typeof version === 'string')
    if (!isWhole) throw new Error('groundtrack: each of nodes must be { service, version?, address } with texts.')
    const own: Node = Object.freeze({ service, address, ...(version === undefined ? {} : { version }) })
    byService.set(service, [...(byService.get(service) ?? []), own])
  }
  return byService
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
