import type { Platform, Timer } from '../platform/platform.js'
import type { Environment } from './environment.js'
import { hostOf, type Node } from './node.js'
import { NodeTable } from './node-table.js'
import { NodeWatch } from './node-watch.js'
import { versionMatches } from './version.js'

export interface DiscoveryOptions {
  platform: Pick<Platform, 'stream' | 'schedule' | 'time' | 'warn'>
  url: string
  headers: Readonly<Record<string, string>>
  environment: Environment
  /** By service; such a service is never asked of the collector. */
  staticNodes: ReadonlyMap<string, readonly Node[]>
  /** false: the SDK is disabled, so that only static nodes are known. */
  enabled: boolean
  random?: () => number
}

/** Who serves what. Asks the collector from the first question on, and goes on with its last word while it is away. */
export class Discovery {
  readonly #options: DiscoveryOptions
  readonly #table: NodeTable
  readonly #watch: NodeWatch
  readonly #staticHosts: Set<string>
  readonly #waiting = new Set<() => void>()
  #enabled: boolean

  constructor(options: DiscoveryOptions) {
    const { environment, platform, url, headers, random } = options
    this.#options = options
    this.#enabled = options.enabled
    this.#table = new NodeTable(environment)
    this.#staticHosts = new Set([...options.staticNodes.values()].flat().map(({ address }) => hostOf(address)))
    this.#staticHosts.delete('')
    const onChange = (): void => {
      for (const check of this.#waiting) check()
    }
    this.#watch = new NodeWatch({ platform, url, headers, table: this.#table, onChange, ...(random === undefined ? {} : { random }) })
  }

  /** Nodes that serve this version now, as far as known; empty where there are none. */
  find(service: string, version: string): readonly Node[] {
    const fixed = this.#options.staticNodes.get(service)
    if (fixed !== undefined) return fixed.filter((node) => node.version === undefined || versionMatches(node.version, version))
    if (this.#enabled) this.#watch.start()
    return this.#table.find(service, version)
  }

  /** As `find`, but waits for a first node, up to `withinMs` or until the signal. The wait keeps the process alive: its caller awaits it. */
  async wait(service: string, version: string, withinMs: number, signal?: AbortSignal): Promise<readonly Node[]> {
    const known = this.find(service, version)
    if (known.length > 0 || withinMs <= 0 || !this.#enabled || this.#options.staticNodes.has(service)) return known
    this.#watch.hurry()
    return new Promise((resolve) => {
      const check = (): void => {
        const nodes = this.find(service, version)
        if (nodes.length === 0 && this.#enabled) return
        end(nodes)
      }
      const end = (nodes: readonly Node[]): void => {
        timer.cancel()
        signal?.removeEventListener('abort', giveUp)
        this.#waiting.delete(check)
        resolve(nodes)
      }
      const giveUp = (): void => end(this.find(service, version))
      const timer: Timer = this.#options.platform.schedule(withinMs, giveUp, true)
      signal?.addEventListener('abort', giveUp, { once: true })
      this.#waiting.add(check)
    })
  }

  /** Whether a node is known to live on this host. */
  hasHost(host: string): boolean {
    return this.#staticHosts.has(host.toLowerCase()) || this.#table.hasHost(host)
  }

  /** All known nodes of a service, whatever their version. */
  list(service: string): readonly Node[] {
    return this.#options.staticNodes.get(service) ?? this.#table.list(service)
  }

  /** Why a service may have no node that fits, and what to do: for an error's message. */
  explain(service: string): string {
    const { staticNodes, environment, url } = this.#options
    if (staticNodes.has(service)) return 'Its nodes are the static ones (GROUNDTRACK_NODES or the option nodes): add one that fits.'
    if (!this.#enabled) return 'Groundtrack is disabled or stopped here: only static nodes (GROUNDTRACK_NODES) are known.'
    const { told, trouble } = this.#watch
    const state = trouble === '' ? '' : ` The collector at ${url} can't be heard${told ? ' just now' : ''}: ${trouble}.`
    const place = environment.fallback === undefined ? environment.name : `${environment.name} or ${environment.fallback}`
    return `Start one in environment ${place} with groundtrack({ service, version, address }), or name it in GROUNDTRACK_NODES.${state}`
  }

  /** Ends the watch; what is known stays known. */
  stop(): void {
    this.#enabled = false
    this.#watch.stop()
    for (const check of this.#waiting) check()
  }
}
