import type { Admission, Breakers } from '../breaker/breakers.js'
import type { Turn } from '../breaker/breaker.js'
import type { Call, SendingOptions } from '../call.js'
import type { Node } from '../discovery/node.js'
import type { HeaderSource } from '../propagation/carrier.js'
import { reasonOf } from '../reason.js'
import type { Callees, Chosen } from './callees.js'
import type { Route } from './routes.js'

/** What a resolved node needs of its session. */
export interface CallingSession {
  readonly callees: Callees
  /** Records a call to the node. */
  send: (node: Node, admission: Admission, options: SendOptions) => Call
  /** Records a turn of the node's breaker. */
  turned: (node: Node, turn: Turn) => void
  /** The call is over. */
  ended: (call: Call) => void
}

export interface SendOptions extends Pick<SendingOptions, 'name' | 'deadlineMs'> {
  route?: Route | undefined
}

const MAX_REASON_LENGTH = 500

/**
 * A node that this session may call now. Say how it went, by `success` or `failure`: the first word counts. What was left unsaid is said
 * by the end of the interaction or of the session.
 */
export class ResolvedNode implements Node {
  readonly id?: string
  readonly service: string
  readonly version?: string
  /** What to send to, for example `http://10.0.0.3:8080`. */
  readonly address: string
  readonly #session: CallingSession
  readonly #admission: Admission
  readonly #route: Route | undefined
  #call: Call | undefined
  #calledElsewise = false
  #settled = false
  #pending = true
  #failed = false

  constructor(session: CallingSession, { node, admission }: Chosen, route: Route | undefined) {
    if (node.id !== undefined) this.id = node.id
    if (node.version !== undefined) this.version = node.version
    this.service = node.service
    this.address = node.address
    this.#session = session
    this.#admission = admission
    this.#route = route
    if (admission.turn !== undefined) session.turned(this, admission.turn)
  }

  /** How it went is known, and told to the breaker. */
  get settled(): boolean {
    return this.#settled
  }

  get failed(): boolean {
    return this.#failed
  }

  /** Headers for the request to this node. Asking for them is recorded as the call. */
  get headers(): Readonly<Record<string, string>> {
    return this.send({}).headers
  }

  /** Reads an answer's headers: they name the callee's hop. */
  answer(headers: HeaderSource): void {
    this.#call?.answer(headers)
  }

  /** The node did its work. */
  success(): void {
    if (this.#settled) return
    this.#record('ok')
    this.settleWell()
  }

  /** The node failed: counts towards cutting it off. */
  failure(reason: unknown = ''): void {
    if (this.#settled) return
    const text = reasonOf(reason).slice(0, MAX_REASON_LENGTH)
    this.#record('error', text)
    this.settleBadly(text)
  }

  /** The call to this node, begun where it was not. For `session.call`. */
  send(options: SendOptions): Call {
    this.#call ??= this.#session.send(this, this.#admission, { ...options, route: this.#route })
    return this.#call
  }

  /** The same for a call that the session recorded by other means, as `fetch` does. */
  sentElsewise(): void {
    this.#calledElsewise = true
  }

  /** The call is over, whatever is to be said of the node. */
  ended(): void {
    if (!this.#pending) return
    this.#pending = false
    this.#session.callees.balancer.ended(this)
    if (this.#call !== undefined) this.#session.ended(this.#call)
  }

  /** Tells the breaker; the call's end is recorded by whoever made it. */
  settleWell(): void {
    this.#settle((breakers) => breakers.succeed(this.#admission))
  }

  settleBadly(reason: string): void {
    this.#failed = true
    this.#settle((breakers) => breakers.fail(this.#admission, reason))
  }

  /** Nothing is to be said of the node. */
  abandon(): void {
    this.#settle((breakers) => {
      breakers.abandon(this.#admission)
      return undefined
    })
  }

  #settle(tell: (breakers: Breakers) => Turn | undefined): void {
    if (this.#settled) return
    this.#settled = true
    this.ended()
    const turn = tell(this.#session.callees.breakers)
    if (turn !== undefined) this.#session.turned(this, turn)
  }

  #record(status: 'ok' | 'error', reason?: string): void {
    if (this.#call === undefined && this.#calledElsewise) return
    this.send({}).finish({ status, ...(reason === undefined || reason === '' ? {} : { reason }) })
  }
}
