import { KINDS, type EventColumns, type EventPlace, type StoredNode } from '@groundtrack/db'
import type { CausalEvent, CausalKind } from '../causality/index.js'
import { LOOSE_SPAN } from './merge-parts.js'
import { eventId } from './present-event.js'

/** What all events of one hop share, so that there is one string and one array a hop instead of one an event. */
export interface SharedHop {
  span: string
  path: readonly number[]
}

/** One event without its body: what ordering needs, where the body lies, and what its kind carries. */
export class LoadedEvent implements CausalEvent, EventPlace {
  readonly flushId: string
  readonly ordinal: number
  readonly place: number
  readonly span: string | null
  readonly number: number | null
  readonly timeMicros: number
  readonly node: string
  readonly kind: CausalKind
  readonly detail: Record<string, unknown> | null
  readonly path?: readonly number[]
  readonly parent?: string
  readonly call?: string
  readonly callee?: { span: string; last: number }
  readonly oneway?: boolean

  constructor(columns: EventColumns, index: number, hop: SharedHop, node: StoredNode | undefined) {
    const number = columns.numbers[index] ?? -1
    const detail = columns.details[index] ?? null
    this.flushId = columns.flushId
    this.ordinal = columns.ordinals[index] ?? 0
    this.place = columns.places[index] ?? 0
    this.span = hop.span === LOOSE_SPAN ? null : hop.span
    this.number = number < 0 ? null : number
    this.timeMicros = columns.timesMicros[index] ?? 0
    this.node = node?.node ?? ''
    this.kind = KINDS[columns.kinds[index] ?? 0] ?? 'log'
    this.detail = detail
    if (number >= 0) this.path = hop.path
    if (!detail) return
    const { parent, call, callee, oneway } = detail
    if (typeof parent === 'string') this.parent = parent
    if (typeof call === 'string') this.call = call
    if (isCallee(callee)) this.callee = callee
    if (oneway === true) this.oneway = true
  }

  /** Made when it is asked for: of most events never. */
  get id(): string {
    return eventId(this.flushId, this.ordinal)
  }
}

function isCallee(value: unknown): value is { span: string; last: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'span' in value &&
    typeof value.span === 'string' &&
    'last' in value &&
    typeof value.last === 'number'
  )
}
