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
  /** The session's routes as text; empty without any. */
  routes: string
  /** Whether the call goes to a peer of ours. */
  toPeer: boolean
}

/** What tells peers of ours from strangers. */
export interface Peers {
  /** Hosts that are named, beside loopback and private addresses. */
  propagateTo: readonly string[]
  /** Whether a registered node lives on this host. */
  hasNodeAt: (host: string) => boolean
}

export interface OutgoingHeaders {
  headers: Record<string, string>
  /** The causal position did not fit into `tracestate`. */
  clockOmitted: boolean
  /** Members that did not fit into `baggage`. */
  baggageOmitted: number
}

/** Ids and clock go everywhere; properties, deadline, level and routes only to peers of ours. */
export function writeOutgoing(outgoing: Outgoing): OutgoingHeaders {
  const member = formatCausalMember(outgoing.call, outgoing.path)
  const state = formatTraceState(member, outgoing.otherStates)
  const headers: Record<string, string> = {
    traceparent: formatTraceParent({ session: outgoing.session, parent: outgoing.call, flags: outgoing.flags }),
    ...(state === '' ? {} : { tracestate: state }),
  }
  if (!outgoing.toPeer) return { headers, clockOmitted: member === undefined, baggageOmitted: 0 }
  const { header, left } = formatBaggage(ownMembers(outgoing), outgoing.properties, outgoing.foreignBaggage)
  if (header !== '') headers['baggage'] = header
  return { headers, clockOmitted: member === undefined, baggageOmitted: left }
}

/** Whether properties, deadline and level may go to this URL or host. */
export function isPeer(to: unknown, { propagateTo, hasNodeAt }: Peers): boolean {
  const host = hostOf(to)
  return host !== undefined && (isTrustedHost(host, propagateTo) || hasNodeAt(host))
}

function ownMembers({ environment, remainingMs, level, routes }: Outgoing): string[] {
  return [
    `gt-environment=${encode(environment)}`,
    ...(remainingMs === undefined ? [] : [`gt-budget-ms=${Math.floor(remainingMs)}`]),
    ...(level === undefined ? [] : [`gt-level=${level}`]),
    ...(routes === '' ? [] : [`gt-routes=${encode(routes)}`]),
  ]
}

function hostOf(to: unknown): string | undefined {
  const text = harmless(() => (typeof to === 'string' || to instanceof URL ? String(to) : ''), '')
  if (/^[^/\s:]+$/.test(text)) return text
  return URL.canParse(text) ? new URL(text).hostname || undefined : undefined
}
