import type { BreakerRules } from './breaker/breaker.js'
import { readBreakerRules, type BreakerOptions } from './breaker/read-rules.js'
import type { Balancing } from './discovery/balancer.js'
import { parseEnvironment, type Environment } from './discovery/environment.js'
import type { Node } from './discovery/node.js'
import { parseStaticNodes, readStaticNodes, type StaticNode } from './discovery/static-nodes.js'
import { isLevel, LEVELS, type Level } from './levels.js'
import type { Platform } from './platform/platform.js'

export interface GroundtrackOptions {
  /** Name of this service. Else GROUNDTRACK_SERVICE, OTEL_SERVICE_NAME, or the name in package.json. */
  service?: string
  /** MAJOR.MINOR. Else of the version in package.json. */
  version?: string
  /** `name` or `fallback:name`. Else GROUNDTRACK_ENVIRONMENT, else `sandbox`. */
  environment?: string
  /** Where other services reach this one; without it the node is shown, but never found by others. */
  address?: string
  /** The collector. Else GROUNDTRACK_URL, else http://127.0.0.1:4318. */
  url?: string
  /** Write token. Else GROUNDTRACK_TOKEN. */
  token?: string
  /** Least severe level that is kept; `info` by default. */
  level?: Level
  /** `internal`: take properties, level and routes from every peer, not from loopback and private ones only. */
  trust?: 'internal'
  /** Hosts (`cart.example`, `*.example`) that may get properties and deadline, beside loopback, private addresses and registered nodes. */
  propagateTo?: readonly string[]
  /** Deadline of each new session in milliseconds; none by default. */
  defaultDeadlineMs?: number
  /** Sampled flag of new sessions in `traceparent`; true by default. Joined ones pass on what came. */
  sampled?: boolean
  /** Memory for events that wait, in bytes; 8 MiB by default. */
  maxBufferBytes?: number
  /** Nodes of services that are found without the collector. Else GROUNDTRACK_NODES: `cart@1.0=http://10.0.0.3:8080,…`. */
  nodes?: readonly StaticNode[]
  /** Who of a service's nodes is called: `round_robin` (each in turn, the default), or `least_pending`. */
  balancing?: Balancing
  /** When a node that fails is cut off; false: never. */
  breaker?: BreakerOptions | false
  /** How long a call waits for a first node where there is no deadline, in milliseconds; 5,000 by default. */
  resolveWithinMs?: number
  /** true: every call is a no-op. Else GROUNDTRACK_DISABLED=1. */
  disabled?: boolean
}

export interface Settings {
  service: string
  version: string
  environment: Environment
  address: string | undefined
  url: string
  token: string | undefined
  level: Level
  trust: 'internal' | undefined
  propagateTo: readonly string[]
  defaultDeadlineMs: number | undefined
  flags: string
  maxBufferBytes: number
  staticNodes: ReadonlyMap<string, readonly Node[]>
  balancing: Balancing
  /** undefined: no breakers. */
  breakerRules: BreakerRules | undefined
  resolveWithinMs: number
  disabled: boolean
}

const DEFAULT_URL = 'http://127.0.0.1:4318'
const DEFAULT_RESOLVE_MS = 5_000
const BALANCINGS: readonly Balancing[] = ['round_robin', 'least_pending']
const MIN_BUFFER_BYTES = 65_536

/** Options over environment over defaults. Throws an Error that names what is wrong and what to do. */
export function readSettings(options: GroundtrackOptions, platform: Pick<Platform, 'environment' | 'package'>): Settings {
  const { environment: variables } = platform
  const packaged = platform.package()
  const maxBufferBytes = options.maxBufferBytes ?? 8_388_608
  if (!Number.isFinite(maxBufferBytes) || maxBufferBytes < MIN_BUFFER_BYTES)
    throw new Error(`groundtrack: maxBufferBytes must be at least ${MIN_BUFFER_BYTES}.`)
  if (options.level !== undefined && !isLevel(options.level)) throw new Error(`groundtrack: level must be one of ${LEVELS.join(', ')}.`)
  const { balancing = 'round_robin', resolveWithinMs = DEFAULT_RESOLVE_MS } = options
  if (!BALANCINGS.includes(balancing)) throw new Error(`groundtrack: balancing must be one of ${BALANCINGS.join(', ')}.`)
  if (!(resolveWithinMs >= 0 && resolveWithinMs < 2 ** 31)) throw new Error('groundtrack: resolveWithinMs must be a time in milliseconds.')
  return {
    service: options.service ?? variables['GROUNDTRACK_SERVICE'] ?? variables['OTEL_SERVICE_NAME'] ?? packaged.name ?? 'unknown_service',
    version: options.version ?? majorMinor(packaged.version),
    environment: parseEnvironment(options.environment ?? variables['GROUNDTRACK_ENVIRONMENT'] ?? 'sandbox'),
    address: options.address,
    url: readUrl(
      options.url ?? variables['GROUNDTRACK_URL'] ?? DEFAULT_URL,
      options.url === undefined ? 'GROUNDTRACK_URL' : 'the option url',
    ),
    token: options.token ?? variables['GROUNDTRACK_TOKEN'],
    level: options.level ?? 'info',
    trust: options.trust,
    propagateTo: options.propagateTo ?? [],
    defaultDeadlineMs: options.defaultDeadlineMs,
    flags: options.sampled === false ? '00' : '01',
    maxBufferBytes,
    staticNodes: readStaticNodes(options.nodes ?? parseStaticNodes(variables['GROUNDTRACK_NODES'] ?? '')),
    balancing,
    breakerRules: readBreakerRules(options.breaker),
    resolveWithinMs,
    disabled: options.disabled ?? variables['GROUNDTRACK_DISABLED'] === '1',
  }
}

function readUrl(text: string, source: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new Error(`groundtrack: ${source} must be an http or https URL such as ${DEFAULT_URL}.`)
  const { origin, pathname } = new URL(text)
  return origin + pathname.replace(/\/+$/, '')
}

function majorMinor(version: string | undefined): string {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? []
  return `${major}.${minor}`
}
