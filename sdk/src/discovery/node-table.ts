import { parseEnvironment, type Environment } from './environment.js'
import { hostOf, type Node } from './node.js'
import { versionMatches } from './version.js'

/** A node as the collector tells of it. */
export interface ToldNode {
  id: string
  service: string
  version: string
  environment: string
  address?: string | undefined
}

interface Kept {
  readonly node: Node & { readonly id: string; readonly version: string }
  readonly environment: string
  readonly bytes: number
  /** Told since the table was last begun anew. */
  isFresh: boolean
}

/** Of the table: a node's texts count twice, and its frame is about 300 bytes. */
const MAX_BYTES = 8 * 1_048_576
const NODE_BYTES = 300
const MAX_SERVICES = 10_000
const MAX_NAME_LENGTH = 255
const MAX_ADDRESS_LENGTH = 2_048

/**
 * Who offers what, as last told: nodes of the own environment and its fallback that have an address. Stays as it is while nobody tells
 * anything; when the whole is told anew, who is no more part of it goes at the end.
 */
export class NodeTable {
  readonly environment: Environment
  /** Nodes that found no room. */
  refused = 0
  readonly #kept = new Map<string, Kept>()
  /** Keys of `#kept`. */
  readonly #byAddress = new Map<string, string>()
  readonly #services = new Map<string, Set<Kept>>()
  /** Services that the own environment has, or had. */
  readonly #had = new Set<string>()
  readonly #hosts = new Map<string, number>()
  #bytes = 0

  constructor(environment: Environment) {
    this.environment = environment
  }

  get size(): number {
    return this.#kept.size
  }

  /** The whole table follows. */
  begin(): void {
    for (const kept of this.#kept.values()) kept.isFresh = false
  }

  /** That was the whole table. */
  ready(): void {
    for (const [key, kept] of this.#kept) if (!kept.isFresh) this.#remove(key, kept)
  }

  /** A node is there, or has changed. One that came at another's address took its place. */
  put({ id, service, version, environment: told, address }: ToldNode): void {
    const environment = parseEnvironment(told).name
    const key = keyOf(id, service, environment)
    const known = this.#kept.get(key)
    if (known?.node.version === version && known.node.address === address) {
      known.isFresh = true
      return
    }
    this.#forget(key)
    if (address === undefined || address === '' || !this.#isOurs(environment)) return
    if (service.length > MAX_NAME_LENGTH || version.length > MAX_NAME_LENGTH || address.length > MAX_ADDRESS_LENGTH) return
    this.#forget(this.#byAddress.get(keyOf(address, service, environment)) ?? '')
    const bytes = NODE_BYTES + 2 * (id.length + service.length + version.length + environment.length + address.length)
    if (this.#bytes + bytes > MAX_BYTES) {
      this.refused++
      return
    }
    this.#add(key, { node: Object.freeze({ id, service, version, address }), environment, bytes, isFresh: true })
  }

  /** A node offers a service no more; without `service`, none at all. */
  remove(id: string, service?: string, environment?: string): void {
    if (service !== undefined && environment !== undefined) return this.#forget(keyOf(id, service, parseEnvironment(environment).name))
    for (const [key, { node }] of this.#kept) if (node.id === id && (service === undefined || node.service === service)) this.#forget(key)
  }

  /** Nodes that serve this version, in the order in which they came: of the own environment, or, if that never had the service, of the fallback. */
  find(service: string, version: string): readonly Node[] {
    return this.list(service).filter((node) => node.version === undefined || versionMatches(node.version, version))
  }

  /** Nodes of the service whatever their version, found as `find` does. */
  list(service: string): readonly Node[] {
    const { name, fallback } = this.environment
    const place = fallback === undefined || this.#had.has(service) ? name : fallback
    return [...(this.#services.get(placeOf(service, place)) ?? [])].map(({ node }) => node)
  }

  /** Whether a node of the table lives on this host. */
  hasHost(host: string): boolean {
    return host !== '' && this.#hosts.has(host.toLowerCase())
  }

  #isOurs(environment: string): boolean {
    return environment === this.environment.name || environment === this.environment.fallback
  }

  #add(key: string, kept: Kept): void {
    const { service, address } = kept.node
    const place = placeOf(service, kept.environment)
    this.#kept.set(key, kept)
    this.#byAddress.set(keyOf(address, service, kept.environment), key)
    this.#bytes += kept.bytes
    this.#services.set(place, (this.#services.get(place) ?? new Set()).add(kept))
    if (kept.environment === this.environment.name && this.#had.size < MAX_SERVICES) this.#had.add(service)
    const host = hostOf(address)
    this.#hosts.set(host, (this.#hosts.get(host) ?? 0) + 1)
  }

  #forget(key: string): void {
    const kept = this.#kept.get(key)
    if (kept !== undefined) this.#remove(key, kept)
  }

  #remove(key: string, kept: Kept): void {
    const { service, address } = kept.node
    const place = placeOf(service, kept.environment)
    const nodes = this.#services.get(place)
    this.#kept.delete(key)
    this.#byAddress.delete(keyOf(address, service, kept.environment))
    this.#bytes -= kept.bytes
    nodes?.delete(kept)
    if (nodes?.size === 0) this.#services.delete(place)
    const host = hostOf(address)
    const count = this.#hosts.get(host) ?? 0
    if (count > 1) this.#hosts.set(host, count - 1)
    else this.#hosts.delete(host)
  }
}

function keyOf(id: string, service: string, environment: string): string {
  return JSON.stringify([id, service, environment])
}

function placeOf(service: string, environment: string): string {
  return JSON.stringify([service, environment])
}
