import { type StoredNode } from '@groundtrack/db'
import type { BreakerTransition, CallView, Hop, NodeView, SessionView } from '../api.js'
import { countMissing, deriveCalls, hopState, orderByCall, type HopFate, type HopState } from '../causality/index.js'
import type { LoadedSession } from './loaded-session.js'
import { findRoot, isWork, LOOSE_SPAN, setPlain, type HopSum } from './merge-parts.js'
import { nodeState, presenceOf } from './presence.js'
import { summariseSession } from './summarise-session.js'
import { formatMicros } from './time.js'

/** All of a session but the bodies of its events. */
export function presentSession(session: LoadedSession, nowMs: number): SessionView {
  const fates = fatesByGraph(session, nowMs)
  const states = new Map(session.sums.map((sum, i) => [sum.span, fates[i] ? hopState(fates[i]) : ('unknown' as const)]))
  const calls = presentCalls(session, states)
  const summary = summariseSession(session.bounds.session, { ...session, fates })
  const root = session.sums[findRoot(session.sums)]
  const budgetMs = root?.detail?.['remainingMs']
  const derived = root?.detail?.['derived']
  const missing = countMissing(session.missing)
  const isAnswered = calls.every((call) => call.status !== 'unanswered' && call.status !== 'pending')
  return {
    session: {
      ...summary,
      missing,
      complete: summary.complete && missing === 0 && isAnswered,
      properties: mergeProperties(session.sums),
      ...(typeof budgetMs === 'number' && { deadline: { budgetMs } }),
      ...(isDerived(derived) && { derivedFrom: derived.session }),
      derived: [],
      kept: false,
    },
    hops: presentHops(session, states),
    calls,
    nodes: [...session.nodes.values()].map((node) => presentNode(node, nowMs)),
    missing: session.missing,
    breakers: presentBreakers(session),
    clockSteps: [],
    oddities: [],
  }
}

function isDerived(value: unknown): value is { session: string } {
  return typeof value === 'object' && value !== null && 'session' in value && typeof value.session === 'string'
}

/** As fatesOf, but with the callers that the events tell. */
function fatesByGraph({ sums, graph, nodes }: LoadedSession, nowMs: number): HopFate[] {
  const positionOf = new Map(sums.map((sum, i) => [sum.span, i]))
  return sums.map((sum) => {
    const link = graph.links[graph.tree.bySpan.get(sum.span) ?? -1]
    const caller = graph.tree.hops[link?.caller ?? -1]?.span
    return {
      parent: caller === undefined ? -1 : (positionOf.get(caller) ?? -1),
      isWork: isWork(sum),
      closed: sum.closed,
      presence: presenceOf(sum.nodeId === null ? undefined : nodes.get(sum.nodeId), nowMs),
    }
  })
}

/** In the order of the tree. */
function presentHops({ sums, graph, nodes }: LoadedSession, states: ReadonlyMap<string, HopState>): Hop[] {
  const sumOf = new Map(sums.map((sum) => [sum.span, sum]))
  const { order, joinedTwice } = orderByCall(graph)
  const hops: Hop[] = []
  const shown = new Set<number>()
  for (const event of order) {
    const h = graph.hopOf[event] ?? -1
    const hop = graph.tree.hops[h]
    const sum = hop && sumOf.get(hop.span)
    if (!sum || shown.has(h)) continue
    shown.add(h)
    const caller = graph.tree.hops[graph.links[h]?.caller ?? -1]
    const node = sum.nodeId === null ? undefined : nodes.get(sum.nodeId)
    const remainingMs = sum.detail?.['remainingMs']
    hops.push({
      span: sum.span,
      parent: sum.parent,
      parentSpan: caller?.span ?? null,
      node: node?.node ?? '',
      service: node?.service ?? '',
      path: sum.path,
      name: sum.name,
      opened: formatMicros(sum.openedMicros ?? sum.firstMicros ?? 0),
      ...(sum.closedMicros !== null && { closed: formatMicros(sum.closedMicros) }),
      ...(sum.closed !== null && { status: sum.closed }),
      ...(sum.reason !== null && { reason: sum.reason }),
      events: sum.events,
      errors: sum.errors,
      last: Math.max(sum.lastNumber, sum.atLeast),
      state: states.get(sum.span) ?? 'unknown',
      ...(joinedTwice[h] === 1 && { joinedTwice: true }),
      ...(typeof remainingMs === 'number' && { remainingMs }),
    })
  }
  return hops
}

function presentCalls({ graph, rows }: LoadedSession, states: ReadonlyMap<string, HopState>): CallView[] {
  return deriveCalls(graph).map(({ event, answer, callees }) => {
    const sent = graph.events[event]
    const back = graph.events[answer]
    const detail = rows[event]?.detail ?? {}
    const returned = rows[answer]?.detail ?? {}
    const { name, breaker, remainingMs } = detail
    const isRunning = states.get(sent?.span ?? '') === 'running'
    const unanswered = detail['oneway'] === true ? 'oneway' : isRunning ? 'pending' : 'unanswered'
    return {
      call: sent?.call ?? '',
      span: sent?.span ?? '',
      n: sent?.number ?? 0,
      target: readTarget(detail['target']),
      ...(typeof name === 'string' && { name }),
      started: formatMicros(sent?.timeMicros ?? 0),
      ...(back && { ended: formatMicros(back.timeMicros) }),
      status: back ? readStatus(returned['status']) : unanswered,
      ...(typeof returned['reason'] === 'string' && { reason: returned['reason'] }),
      callees: callees.map((h) => graph.tree.hops[h]?.span ?? ''),
      ...(back?.callee && { callee: back.callee }),
      ...((breaker === 'closed' || breaker === 'half_open') && { breaker }),
      ...(typeof remainingMs === 'number' && { remainingMs }),
    }
  })
}

function readStatus(value: unknown): 'ok' | 'error' | 'timeout' | 'cut' {
  return value === 'error' || value === 'timeout' || value === 'cut' ? value : 'ok'
}

function readTarget(value: unknown): CallView['target'] {
  if (typeof value !== 'object' || value === null) return null
  const fields = Object.entries(value).filter(
    ([name, field]) => ['service', 'version', 'node', 'address'].includes(name) && typeof field === 'string',
  )
  return Object.fromEntries(fields)
}

function presentNode(node: StoredNode, nowMs: number): NodeView {
  return {
    id: node.node,
    service: node.service,
    version: node.version,
    environment: node.environment,
    ...(node.address !== null && { address: node.address }),
    ...(node.host !== null && { host: node.host }),
    ...(node.pid !== null && { pid: node.pid }),
    ...(node.runtime !== null && { runtime: node.runtime }),
    state: nodeState(node, nowMs),
  }
}

function presentBreakers({ graph, rows }: LoadedSession): BreakerTransition[] {
  const transitions: BreakerTransition[] = []
  for (const [i, event] of graph.events.entries()) {
    const { target, from, to, failures, reason } = rows[i]?.detail ?? {}
    if (event.kind !== 'breaker' || !isBreakerState(from) || !isBreakerState(to)) continue
    transitions.push({
      caller: event.node,
      target: readTarget(target) ?? {},
      from,
      to,
      failures: typeof failures === 'number' ? failures : 0,
      reason: typeof reason === 'string' ? reason : '',
      time: formatMicros(event.timeMicros),
      span: event.span ?? '',
      n: event.number ?? 0,
    })
  }
  return transitions.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
}

function isBreakerState(value: unknown): value is BreakerTransition['from'] {
  return value === 'closed' || value === 'open' || value === 'half_open'
}

/** Properties travel from caller to callee, so a later hop's word wins. */
function mergeProperties(sums: readonly HopSum[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {}
  const hops = sums.filter((sum) => sum.span !== LOOSE_SPAN).toSorted((a, b) => (a.openedMicros ?? 0) - (b.openedMicros ?? 0))
  for (const hop of hops) for (const [key, value] of Object.entries(hop.properties)) setPlain(merged, key, value)
  return merged
}
