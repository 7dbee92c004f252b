import type { Core } from './core.js'
import { harmless } from './harmless.js'
import type { Hop } from './hop.js'
import { readCarrier, type HeaderSource } from './propagation/carrier.js'
import { isPeer } from './propagation/outgoing.js'

export interface CallTarget {
  service?: string
  version?: string
  /** Id of the callee's node. */
  node?: string
  address?: string
  /** What was asked for, where the session's routes sent the call elsewhere. */
  routedFrom?: { service: string; version: string }
}

export interface CallOptions {
  /** Where the call goes: decides whether properties may travel with it. */
  to?: string | URL
  /** For example "GET /cart/:id". */
  name?: string
  target?: CallTarget
  /** No answer is expected. */
  oneway?: boolean
  /** The callee has so many milliseconds; what is left of the session's deadline where that is less. */
  deadlineMs?: number | undefined
}

/** What the SDK itself says of a call beside. */
export interface SendingOptions extends Omit<CallOptions, 'name'> {
  name?: string | undefined
  /** The breaker that let it through. */
  breaker?: 'closed' | 'half_open' | undefined
  /** The callee is a registered node. */
  isPeer?: boolean
}

export interface CallOutcome {
  status: 'ok' | 'error' | 'timeout' | 'cut'
  reason?: string
  /** Headers of the answer: `gt-clock` in them names the callee's hop. */
  headers?: HeaderSource
}

const STATUSES: readonly CallOutcome['status'][] = ['ok', 'error', 'timeout', 'cut']
const CLOCK = /^([0-9a-f]{16});(\d{1,10})$/
const MAX_REASON_BYTES = 1_024

/** One send to another service: `headers` go with it, `finish` records its answer. */
export class Call {
  /** The span id that the callee sees as its parent. */
  readonly id: string
  readonly headers: Readonly<Record<string, string>>
  readonly #core: Core
  readonly #hop: Hop
  #callee = ''
  #outcome: { status: CallOutcome['status']; reason?: string } | undefined
  #signal: AbortSignal | undefined

  constructor(core: Core, hop: Hop, id: string, headers: Readonly<Record<string, string>>) {
    this.#core = core
    this.#hop = hop
    this.id = id
    this.headers = headers
  }

  /** Aborts when the call's time is up, or when its caller gives it up; of a call made by hand it never does. */
  get signal(): AbortSignal {
    return (this.#signal ??= new AbortController().signal)
  }

  /** How it ended; undefined while it has not. */
  get outcome(): Readonly<{ status: CallOutcome['status']; reason?: string }> | undefined {
    return this.#outcome
  }

  /** What `signal` follows. Meant for the SDK itself. */
  limitBy(signal: AbortSignal): void {
    this.#signal = signal
  }

  /** The headers for a place that the call was redirected to: for a stranger without what only peers may get. */
  headersAt(to: string | URL | undefined): Readonly<Record<string, string>> {
    if (isPeer(to, this.#core)) return this.headers
    const { baggage: _kept, ...ids } = this.headers
    return ids
  }

  /** Reads the answer's headers; needed only when they are not given to `finish`. */
  answer(headers: HeaderSource): void {
    const [, span, last] = CLOCK.exec(readCarrier(headers).get('gt-clock')?.trim() ?? '') ?? []
    if (span !== undefined) this.#callee = `,"callee":{"span":"${span}","last":${Number(last)}}`
  }

  /** Records how the call ended. Only the first end counts. */
  finish(outcome: CallOutcome): void {
    if (this.#outcome !== undefined) return
    const { status, reason, headers } = harmless(() => ({ ...outcome }), { status: 'error' })
    const how = STATUSES.includes(status) ? status : 'error'
    this.#outcome = { status: how, ...(typeof reason === 'string' ? { reason } : {}) }
    if (!this.#core.enabled) return
    if (headers !== undefined) this.answer(headers)
    const { recorder } = this.#core
    const why = reason === undefined ? '' : `,"reason":${recorder.serializer.value(reason, MAX_REASON_BYTES)}`
    recorder.structure(this.#hop, 'return', `,"call":"${this.id}","status":"${how}"${why}${this.#callee}`)
  }
}
