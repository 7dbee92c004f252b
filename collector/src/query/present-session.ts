import { isSessionKept, listDerived, type ProjectReader, type StoredNode } from '@groundtrack/db'
import { breakerId, readCallTarget } from '../breakers/breaker-id.js'
import type { BreakerTransition, CallStatus, CallView, Hop, LastWords, NodeSkew, NodeView, SessionView } from '../api.js'
import { deriveCalls, findOddities, hopState, judgeCompleteness, orderByCall, type HopFate, type HopState } from '../causality/index.js'
import { sumByState } from './count-missing.js'
import { datesOfMissing } from './date-missing.js'
import type { ExplainedSession } from './explain-session.js'
import { readLastWords } from './last-words.js'
import { findRoot, isForeign, isWork, LOOSE_SPAN, setPlain, type HopSum } from './merge-parts.js'
import { nameNodes } from './name-nodes.js'
import { findNamedHops } from './named-hops.js'
import { presentSkews, presentSteps } from './present-clocks.js'
import { nodeState, presenceOf } from './presence.js'
import { summariseSession } from './summarise-session.js'
import { formatMicros } from './time.js'

type States = ReadonlyMap<string, HopState>
type Words = ReadonlyMap<string, LastWords>

const MAX_DERIVED = 100
/** Beyond that many a page shows sums: the rows of all are read by windows. */
const MAX_LISTED = 20_000

/** All of a session but the bodies of its events. */
export async function presentSession(reader: ProjectReader, session: ExplainedSession, nowMs: number): Promise<SessionView> {
  const { bounds, sums, nodes, missing } = session
  const fates = fatesByGraph(session, nowMs)
  const states = new Map(sums.map((sum, i) => [sum.span, fates[i] ? hopState(fates[i]) : ('unknown' as const)]))
  const [derived, kept, lastWords] = await Promise.all([
    listDerived(reader, bounds.session, MAX_DERIVED),
    isSessionKept(reader, bounds.session),
    readLastWords(reader, session, states),
  ])
  const hops = presentHops(session, states, lastWords, nowMs)
  const calls = presentCalls(session, states, lastWords)
  const summary = summariseSession(bounds.session, { ...session, fates, missing: sumByState(missing) })
  const root = sums[findRoot(sums)]
  const budgetMs = root?.detail?.['remainingMs']
  const origin = root?.detail?.['derived']
  const foreign = new Set(sums.filter((sum) => isForeign(sum, nodes)).map((sum) => sum.span))
  const { isComplete, isCompleteAsFarAsKnown } = judgeCompleteness(session.graph, missing, (span) => foreign.has(span))
  const { completeAsFarAsKnown: _, ...rest } = summary
  const skews = presentSkews(session)
  const totals = { hops: hops.length, calls: calls.length, missing: missing.length }
  return {
    session: {
      ...rest,
      complete: isComplete,
      ...(isCompleteAsFarAsKnown && !isComplete && { completeAsFarAsKnown: true as const }),
      properties: mergeProperties(sums),
      ...(typeof budgetMs === 'number' && { deadline: { budgetMs } }),
      ...(isDerived(origin) && { derivedFrom: origin.session }),
      derived,
      kept,
    },
    hops: hops.slice(0, MAX_LISTED),
    calls: calls.slice(0, MAX_LISTED),
    nodes: [...nodes.values()].map((node) => presentNode(node, skews.get(node.node), nowMs)),
    missing: missing.slice(0, MAX_LISTED).map(datesOfMissing(session)),
    breakers: presentBreakers(session),
    clockSteps: presentSteps(session),
    oddities: findOddities(session.graph, session.inOrder('cause').cut ?? [], nameNodes(nodes)),
    ...(Math.max(...Object.values(totals)) > MAX_LISTED && { totals }),
  }
}

function isDerived(value: unknown): value is { session: string } {
  return typeof value === 'object' && value !== null && 'session' in value && typeof value.session === 'string'
}

/** As fatesOf, but with the callers that the events tell. */
function fatesByGraph({ sums, graph, nodes }: ExplainedSession, nowMs: number): HopFate[] {
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
function presentHops(session: ExplainedSession, states: States, lastWords: Words, nowMs: number): Hop[] {
  const { sums, graph, nodes } = session
  const namedHops = findNamedHops(session, nowMs)
  const sumOf = new Map(sums.map((sum) => [sum.span, sum]))
  const { order, joinedTwice } = orderByCall(graph)
  const hops: Hop[] = []
  const shown = new Set<number>()
  const present = (h: number, sum: HopSum): Hop => {
    shown.add(h)
    const caller = graph.tree.hops[graph.links[h]?.caller ?? -1]
    const node = sum.nodeId === null ? undefined : nodes.get(sum.nodeId)
    const remainingMs = sum.detail?.['remainingMs']
    const words = lastWords.get(sum.span)
    return {
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
      ...(words && { lastWords: words }),
    }
  }
  for (const event of order) {
    const h = graph.hopOf[event] ?? -1
    const hop = graph.tree.hops[h]
    const sum = hop && sumOf.get(hop.span)
    if (sum && !shown.has(h)) hops.push(present(h, sum))
    const named = namedHops.namedBy(event)
    if (named) hops.push(named)
  }
  return hops
}

function presentCalls({ graph, rows }: ExplainedSession, states: States, lastWords: Words): CallView[] {
  return deriveCalls(graph).map(({ event, answer, callees }) => {
    const sent = graph.events[event]
    const back = graph.events[answer]
    const detail = rows[event]?.detail ?? {}
    const returned = rows[answer]?.detail ?? {}
    const { name, breaker, remainingMs } = detail
    const reached = callees.map((h) => graph.tree.hops[h]?.span ?? '')
    const named = back?.callee?.span
    if (named !== undefined && !graph.tree.bySpan.has(named)) reached.push(named)
    const status = back ? readStatus(returned['status']) : statusWithout(detail['oneway'] === true, sent?.span ?? '', reached, states)
    const words = status === 'died' ? [...reached, sent?.span ?? ''].map((span) => lastWords.get(span)).find(Boolean) : undefined
    return {
      call: sent?.call ?? '',
      span: sent?.span ?? '',
      n: sent?.number ?? 0,
      target: readTarget(detail['target']),
      ...(typeof name === 'string' && { name }),
      started: formatMicros(sent?.timeMicros ?? 0),
      ...(back && { ended: formatMicros(back.timeMicros) }),
      status,
      ...(typeof returned['reason'] === 'string' && { reason: returned['reason'] }),
      callees: reached,
      ...(back?.callee && { callee: back.callee }),
      ...((breaker === 'closed' || breaker === 'half_open') && { breaker }),
      ...(typeof remainingMs === 'number' && { remainingMs }),
      ...(words && { lastWords: words }),
    }
  })
}

/** Of a call without a return: what became of those that it reached says it, where the return itself is missing. */
function statusWithout(isOneway: boolean, caller: string, callees: readonly string[], states: States): CallStatus {
  if (isOneway) return 'oneway'
  const isDead = (span: string) => states.get(span) === 'died'
  if (isDead(caller) || (callees.length > 0 && callees.every(isDead))) return 'died'
  if (states.get(caller) === 'running') return 'pending'
  const answers = callees.map((span) => states.get(span))
  return answers.includes('failed') ? 'error' : answers.includes('ok') ? 'ok' : 'unanswered'
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

function presentNode(node: StoredNode, skewMs: NodeSkew | undefined, nowMs: number): NodeView {
  return {
    id: node.node,
    service: node.service,
    version: node.version,
    environment: node.environment,
    ...(node.address !== null && { address: node.address }),
    ...(node.host !== null && { host: node.host }),
    ...(node.pid !== null && { pid: node.pid }),
    ...(node.runtime !== null && { runtime: node.runtime }),
    ...((node.origin === 'otlp' || node.origin === 'mdk') && { origin: node.origin }),
    ...(skewMs && { skewMs }),
    state: nodeState(node, nowMs),
  }
}

function presentBreakers({ graph, rows }: ExplainedSession): BreakerTransition[] {
  const transitions: BreakerTransition[] = []
  for (const [i, event] of graph.events.entries()) {
    if (event.kind !== 'breaker') continue
    const { target, from, to, failures, reason } = rows[i]?.detail ?? {}
    if (!isBreakerState(from) || !isBreakerState(to)) continue
    const id = breakerId(event.node, readCallTarget(target))
    transitions.push({
      ...(id !== null && { id }),
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
