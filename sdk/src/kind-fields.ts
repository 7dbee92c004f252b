import type { CallTarget } from './call.js'
import type { Turn } from './breaker/breaker.js'
import type { Serializer } from './serializer.js'

const MAX_VALUE_BYTES = 4_096
const MAX_TEXT_BYTES = 1_024

export interface CallFields {
  call: string
  target?: CallTarget | undefined
  name?: string | undefined
  remainingMs: number | undefined
  breaker?: 'closed' | 'half_open' | undefined
  oneway: boolean
}

export interface BreakerFields {
  target: CallTarget
  turn: Turn
  /** Wall clock, Unix epoch in milliseconds. */
  nowMs: number
}

/** The fields of a `call` event, as JSON from the comma on. */
export function callFields(serializer: Serializer, { call, target, name, remainingMs, breaker, oneway }: CallFields): string {
  return (
    `,"call":"${call}"` +
    (target === undefined ? '' : `,"target":${serializer.value(target, MAX_VALUE_BYTES)}`) +
    (name === undefined ? '' : `,"name":${serializer.value(name, MAX_TEXT_BYTES)}`) +
    millisField('remainingMs', remainingMs) +
    (breaker === undefined ? '' : `,"breaker":"${breaker}"`) +
    (oneway ? ',"oneway":true' : '')
  )
}

/** The fields of a `breaker` event, as JSON from the comma on. */
export function breakerFields(serializer: Serializer, { target, turn, nowMs }: BreakerFields): string {
  const { from, to, failures, reason, retestInMs } = turn
  return (
    `,"target":${serializer.value(target, MAX_VALUE_BYTES)},"from":"${from}","to":"${to}","failures":${failures}` +
    `,"reason":${serializer.value(reason, MAX_TEXT_BYTES)}` +
    millisField('retestAt', retestInMs === undefined ? undefined : nowMs + retestInMs)
  )
}

/** Milliseconds with the microseconds kept. */
export function millisField(name: string, ms: number | undefined): string {
  return ms === undefined ? '' : `,"${name}":${Math.round(ms * 1000) / 1000}`
}
