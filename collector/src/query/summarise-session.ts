import type { StoredNode, StoredPart } from '@groundtrack/db'
import type { ServiceCount, SessionError, SessionSummary } from '../api.js'
import { deepestFailed, sessionOutcome, type HopFate } from '../causality/index.js'
import { judgeParts } from './complete-parts.js'
import { totalOf, type MissingByState } from './count-missing.js'
import { findRoot, findTop, type HopSum } from './merge-parts.js'
import { longestMicros, startedMicros } from './session-times.js'
import { formatMicros } from './time.js'

export type Nodes = ReadonlyMap<number, StoredNode>

/** The parts of one session, and what they say of its hops; `fates` go by the same index as `sums`. */
export interface SessionParts {
  parts: readonly StoredPart[]
  sums: readonly HopSum[]
  fates: readonly HopFate[]
  nodes: Nodes
  missing: MissingByState
}

/** One row of the list, from the parts of a session; never from its events. */
export function summariseSession(id: string, { parts, sums, fates, nodes, missing: missingByState }: SessionParts): SessionSummary {
  const seen = sums.filter((sum) => sum.events > 0)
  const top = sums[findTop(sums)] ?? sums[findRoot(sums)]
  const topNode = nodeOf(top, nodes)
  const first = seen.toSorted((a, b) => (a.firstMicros ?? 0) - (b.firstMicros ?? 0))[0]
  const outcome = sessionOutcome(fates, findRoot(sums))
  const missing = totalOf(missingByState)
  const error = outcome === 'ok' ? undefined : findError(sums, fates, nodes)
  const { isComplete, isCompleteAsFarAsKnown } = judgeParts(sums, nodes, missing)
  return {
    id,
    started: formatMicros(startedMicros(parts)),
    durationMs: longestMicros(parts) / 1_000,
    name: top?.name ?? '',
    root: topNode ? { service: topNode.service, node: topNode.node } : null,
    services: countServices(seen, nodes),
    events: seen.reduce((sum, hop) => sum + hop.events, 0),
    errors: seen.reduce((sum, hop) => sum + hop.errors, 0),
    outcome,
    ...(error && { error }),
    missing,
    missingByState,
    complete: isComplete,
    ...(isCompleteAsFarAsKnown && !isComplete && { completeAsFarAsKnown: true as const }),
    environment: (topNode ?? nodeOf(first, nodes))?.environment ?? '',
  }
}

function findError(sums: readonly HopSum[], fates: readonly HopFate[], nodes: Nodes): SessionError | undefined {
  const hop = sums[deepestFailed(fates)]
  if (!hop) return undefined
  const node = nodeOf(hop, nodes)
  return { service: node?.service ?? '', node: node?.node ?? '', message: explain(hop) }
}

/** Why it closed; where that is no more than a status, the first error it logged says more. */
function explain({ reason, firstError }: HopSum): string {
  const isStatus = reason !== null && /^HTTP \d{3}$/.test(reason)
  return (isStatus ? firstError : null) ?? reason ?? firstError ?? ''
}

/** Services in the order in which they first spoke. */
function countServices(seen: readonly HopSum[], nodes: Nodes): ServiceCount[] {
  const counts = new Map<string, ServiceCount>()
  for (const hop of seen.toSorted((a, b) => (a.firstMicros ?? 0) - (b.firstMicros ?? 0))) {
    const name = nodeOf(hop, nodes)?.service ?? ''
    const count = counts.get(name) ?? { name, events: 0, errors: 0 }
    count.events += hop.events
    count.errors += hop.errors
    counts.set(name, count)
  }
  return [...counts.values()]
}

function nodeOf(hop: HopSum | undefined, nodes: Nodes): StoredNode | undefined {
  return hop?.nodeId === undefined || hop.nodeId === null ? undefined : nodes.get(hop.nodeId)
}
