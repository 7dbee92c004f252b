import { harmless } from '../harmless.js'
import type { Level } from '../levels.js'
import { encode, formatBaggage } from './baggage.js'
import { isTrustedHost } from './peers.js'
import { formatTraceParent } from './traceparent.js'
import { formatCausalMember, formatTraceState } from './tracestate.js'

export interface Outgoing {
  session: string
  /** The call's own span id. */
  call: string
  /** Clock of the call: the callee's path. */
  path: readonly number[]
  flags: string
  otherStates: readonly string[]
  foreignBaggage: readonly string[]
  properties: ReadonlyMap<string, string>
  environment: string
  remainingMs: number | undefined
  level: Level | undefined
  /** Where the call goes: a URL, or a host. */
  to: string | URL | undefined
  propagateTo: readonly string[]
}

export interface OutgoingHeaders {
  headers: Record<string, string>
  /** The causal position did not fit into `tracestate`. */
  clockOmitted: boolean
  /** Members that did not fit into `baggage`. */
  baggageOmitted: number
}

/** Ids and clock go everywhere; properties, deadline and level only to peers of ours. */
export function writeOutgoing(outgoing: Outgoing): OutgoingHeaders {
  const member = formatCausalMember(outgoing.call, outgoing.path)
  const state = formatTraceState(member, outgoing.otherStates)
  const headers: Record<string, string> = {
    traceparent: formatTraceParent({ session: outgoing.session, parent: outgoing.call, flags: outgoing.flags }),
    ...(state === '' ? {} : { tracestate: state }),
  }
  if (!isPeer(outgoing.to, outgoing.propagateTo)) return { headers, clockOmitted: member === undefined, baggageOmitted: 0 }
  const { header, left } = formatBaggage(ownMembers(outgoing), outgoing.properties, outgoing.foreignBaggage)
  if (header !== '') headers['baggage'] = header
  return { headers, clockOmitted: member === undefined, baggageOmitted: left }
}

/** Whether properties, deadline and level may go to this URL or host. */
export function isPeer(to: unknown, propagateTo: readonly string[]): boolean {
  const host = hostOf(to)
  return host !== undefined && isTrustedHost(host, propagateTo)
}

function ownMembers({ environment, remainingMs, level }: Outgoing): string[] {
  return [
    `gt-environment=${encode(environment)}`,
    ...(remainingMs === undefined ? [] : [`gt-budget-ms=${Math.floor(remainingMs)}`]),
    ...(level === undefined ? [] : [`gt-level=${level}`]),
  ]
}

function hostOf(to: unknown): string | undefined {
  const text = harmless(() => (typeof to === 'string' || to instanceof URL ? String(to) : ''), '')
  if (/^[^/\s:]+$/.test(text)) return text
  return URL.canParse(text) ? new URL(text).hostname || undefined : undefined
}
