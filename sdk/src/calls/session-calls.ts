import type { Admission } from '../breaker/breakers.js'
import type { Turn } from '../breaker/breaker.js'
import type { Call, CallTarget, SendingOptions } from '../call.js'
import { Deadline } from '../deadline.js'
import type { Node } from '../discovery/node.js'
import { BreakerOpenError, DeadlineError, NoNodeError } from '../errors.js'
import { harmless } from '../harmless.js'
import type { Platform } from '../platform/platform.js'
import { readCarrier, type HeaderSource } from '../propagation/carrier.js'
import { reasonOf } from '../reason.js'
import { limitCall } from './call-limit.js'
import type { Callees } from './callees.js'
import { Interactions } from './interactions.js'
import { judgeAnswer } from './judge-answer.js'
import { ResolvedNode, type CallingSession, type SendOptions } from './resolved-node.js'
import type { Route } from './routes.js'

export interface ServiceCallOptions {
  /** For example "GET /cart/:id". */
  name?: string
  /** The call must be done in so many milliseconds; the session's deadline where that is sooner. */
  timeoutMs?: number
  /** Gives the call up; that says nothing about the node. */
  signal?: AbortSignal
}

export interface ResolveOptions {
  /** How long to wait for a first node, in milliseconds; until the session's deadline, or 5 s, by default. */
  withinMs?: number
}

/** What the calls of a session need of it. */
export interface Owner {
  platform: Pick<Platform, 'schedule' | 'time'>
  callees: Callees
  /** How long to wait for a first node where there is no deadline, in milliseconds. */
  resolveWithinMs: number
  remaining: () => number | undefined
  findRoute: (service: string, version: string) => Route | undefined
  send: (options: SendingOptions) => Call
  turned: (target: CallTarget, turn: Turn) => void
}

export type Work<T> = (node: ResolvedNode, call: Call) => T | PromiseLike<T>

interface Wanted {
  service: string
  version: string
  route: Route | undefined
}

interface Choosing {
  name?: string | undefined
  limitMs: number | undefined
  outer?: AbortSignal | undefined
}

const MAX_NAME_LENGTH = 255

/** The calls of one session to services by name. Made at the first; a session without any doesn't pay for it. */
export class SessionCalls implements CallingSession {
  readonly interactions: Interactions
  readonly #owner: Owner
  readonly #underWay = new Set<string>()

  constructor(owner: Owner) {
    this.#owner = owner
    this.interactions = new Interactions(owner.platform)
  }

  get callees(): Callees {
    return this.#owner.callees
  }

  /** A node that serves this version; whoever gets it says how the call went. Rejects with NoNodeError, BreakerOpenError or DeadlineError. */
  async resolve(service: string, version: string, options: ResolveOptions): Promise<ResolvedNode> {
    const { withinMs } = copyOf(options)
    const limit = least(this.#owner.remaining(), isDuration(withinMs) ? withinMs : undefined)
    const node = await this.#choose(this.#wanted(service, version), { limitMs: limit })
    this.interactions.add(node, 'resolved')
    return node
  }

  /** Resolves, calls and says how it went. Rejects as `resolve` does, and with what `work` throws. */
  async call<T>(service: string, version: string, work: Work<T>, options: ServiceCallOptions): Promise<Awaited<T>> {
    if (typeof work !== 'function') throw new TypeError('groundtrack: the work of a call must be a function.')
    const { name: given, timeoutMs, signal } = copyOf(options)
    const name = typeof given === 'string' ? given : undefined
    const outer = signal instanceof AbortSignal ? signal : undefined
    const { platform, remaining: ofSession } = this.#owner
    const own = new Deadline(platform.time.monotonicMs)
    if (isDuration(timeoutMs)) own.shorten(timeoutMs)
    const remaining = (): number | undefined => least(ofSession(), own.remaining())
    const wanted = this.#wanted(service, version)
    const node = await this.#choose(wanted, { name, limitMs: remaining(), outer })
    this.interactions.add(node, 'called')
    const call = node.send({ name, deadlineMs: own.remaining() })
    const limit = limitCall(platform, remaining(), outer, () => new DeadlineError(wanted.service, wanted.version, true))
    call.limitBy(limit.signal)
    try {
      return await this.#run(node, call, Promise.race([limit.aborted, invoke(work, node, call)]))
    } finally {
      limit.end()
    }
  }

  send(node: Node, { breaker }: Admission, { route, name, deadlineMs }: SendOptions): Call {
    const call = this.#owner.send({
      to: node.address,
      isPeer: true,
      target: { ...targetOf(node), ...(route === undefined ? {} : { routedFrom: { service: route.service, version: route.version } }) },
      name: nameOf(name, route),
      breaker,
      deadlineMs,
    })
    this.#underWay.add(call.id)
    return call
  }

  ended(call: Call): void {
    this.#underWay.delete(call.id)
  }

  turned(node: Node, turn: Turn): void {
    this.#owner.turned(targetOf(node), turn)
  }

  /** What is known of the place that a request goes to, where that is a node resolved for it. */
  calledAt(place: unknown): CallTarget | undefined {
    const node = typeof place === 'string' || place instanceof URL ? this.interactions.resolvedAt(String(place)) : undefined
    node?.sentElsewise()
    return node === undefined ? undefined : targetOf(node)
  }

  /** Whether these headers are those of a call to a resolved node, which must not be recorded twice. */
  owns(headers: HeaderSource | undefined): boolean {
    if (this.#underWay.size === 0) return false
    return this.#underWay.has(readCarrier(headers).get('traceparent')?.split('-')[2] ?? '')
  }

  async #run<T>(node: ResolvedNode, call: Call, work: Promise<T>): Promise<T> {
    try {
      const result = await work
      const { status, reason, headers } = judgeAnswer(result)
      call.finish({ status, ...(reason === undefined ? {} : { reason }), ...(headers === undefined ? {} : { headers }) })
      if (call.outcome?.status === 'ok') this.interactions.endedWell(node)
      else node.settleBadly(call.outcome?.reason ?? '')
      return result
    } catch (error) {
      const isGivenUp = call.signal.aborted && call.signal.reason === error
      const isLate = isGivenUp && error instanceof DeadlineError
      const reason = isLate ? 'deadline exceeded' : reasonOf(error)
      call.finish({ status: isLate ? 'timeout' : 'error', reason })
      if (isGivenUp && !isLate) node.abandon()
      else node.settleBadly(reason)
      throw error
    }
  }

  async #choose(wanted: Wanted, { name, limitMs, outer }: Choosing): Promise<ResolvedNode> {
    const { service, version, route } = wanted
    const { callees, resolveWithinMs } = this.#owner
    try {
      if (outer?.aborted === true) throw outer.reason
      if (limitMs === 0) throw new DeadlineError(service, version, false)
      return new ResolvedNode(this, await callees.choose(service, version, limitMs ?? resolveWithinMs, outer), route)
    } catch (error) {
      const why: unknown = outer?.aborted === true ? outer.reason : error
      this.#recordUnsent(wanted, name, why)
      throw why
    }
  }

  /** A call that was never sent, and why. */
  #recordUnsent({ service, version, route }: Wanted, name: string | undefined, error: unknown): void {
    const [first] = error instanceof BreakerOpenError ? error.nodes : []
    const target = first === undefined ? { service, version } : targetOf(first)
    const call = this.#owner.send({ target, name: nameOf(name, route) })
    const status = error instanceof BreakerOpenError ? 'cut' : error instanceof DeadlineError ? 'timeout' : 'error'
    const reason = error instanceof NoNodeError ? `no node serves ${service} ${version}` : reasonOf(error)
    call.finish({ status, reason })
  }

  #wanted(service: string, version: string): Wanted {
    const [name, wanted] = [textOf(service), textOf(version)]
    const route = this.#owner.findRoute(name, wanted)
    return route === undefined ? { service: name, version: wanted, route } : { service: route.target, version: route.targetVersion, route }
  }
}

/** As if it were async: what it throws at once is its rejection. */
async function invoke<T>(work: Work<T>, node: ResolvedNode, call: Call): Promise<Awaited<T>> {
  return await work(node, call)
}

function targetOf({ service, version, id, address }: Node): CallTarget {
  return { service, ...(version === undefined ? {} : { version }), ...(id === undefined ? {} : { node: id }), address }
}

function nameOf(name: string | undefined, route: Route | undefined): string | undefined {
  if (route === undefined) return name
  return `${name ?? `${route.target} ${route.targetVersion}`} (routed from ${route.service} ${route.version})`
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : other === undefined ? one : Math.min(one, other)
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function textOf(value: unknown): string {
  return harmless(() => String(value), '').slice(0, MAX_NAME_LENGTH)
}

function copyOf<T extends object>(options: T): Partial<T> {
  return harmless(() => ({ ...options }), {})
}
