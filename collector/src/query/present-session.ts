import { isSessionKept, listDerived, type ProjectReader, type StoredNode } from '@groundtrack/db'
import { breakerId, readCallTarget } from '../breakers/breaker-id.js'
import type { BreakerTransition, LastWords, NodeSkew, NodeView, SessionView } from '../api.js'
import { findOddities, hopState, judgeCompleteness, longestDrawn, type HopFate, type HopState } from '../causality/index.js'
import { sumByState } from './count-missing.js'
import { datesOfMissing } from './date-missing.js'
import type { ExplainedSession } from './explain-session.js'
import { readLastWords } from './last-words.js'
import { findRoot, isForeign, isWork, LOOSE_SPAN, setPlain, type HopSum } from './merge-parts.js'
import { nameNodes } from './name-nodes.js'
import { presentCalls, readTarget } from './present-calls.js'
import { presentSkews, presentSteps } from './present-clocks.js'
import { presentHops } from './present-hops.js'
import { nodeState, presenceOf } from './presence.js'
import { inSlices } from './slices.js'
import { summariseSession } from './summarise-session.js'
import { formatMicros } from './time.js'

const MAX_DERIVED = 100
/** Beyond that many a page shows sums: the rows of all are read by windows. */
const MAX_LISTED = 20_000

/** All of a session but the bodies of its events. */
export async function presentSession(reader: ProjectReader, session: ExplainedSession): Promise<SessionView> {
  const { bounds, sums } = session
  const fates = fatesByGraph(session)
  const states = new Map(sums.map((sum, i) => [sum.span, fates[i] ? hopState(fates[i]) : ('unknown' as const)]))
  const [derived, kept, lastWords] = await Promise.all([
    listDerived(reader, bounds.session, MAX_DERIVED),
    isSessionKept(reader, bounds.session),
    readLastWords(reader, session, states),
  ])
  return inSlices(present(session, { fates, states, lastWords, derived, kept }))
}

interface Known {
  /** By index of the session's sums. */
  fates: readonly HopFate[]
  /** By span. */
  states: ReadonlyMap<string, HopState>
  lastWords: ReadonlyMap<string, LastWords>
  derived: string[]
  kept: boolean
}

function* present(session: ExplainedSession, known: Known): Generator<void, SessionView, void> {
  const { bounds, sums, nodes, missing, calls } = session
  const { fates, states, lastWords, derived, kept } = known
  const hops = yield* presentHops(session, { states, lastWords, limit: MAX_LISTED })
  const listedCalls = presentCalls(session, calls.slice(0, MAX_LISTED), states, lastWords)
  yield
  const summary = summariseSession(bounds.session, { ...session, fates, missing: sumByState(missing) })
  yield
  const root = sums[findRoot(sums)]
  const budgetMs = root?.detail?.['remainingMs']
  const origin = root?.detail?.['derived']
  const foreign = new Set(sums.filter((sum) => isForeign(sum, nodes)).map((sum) => sum.span))
  const { isComplete, isCompleteAsFarAsKnown } = judgeCompleteness(session.graph, missing, (span) => foreign.has(span), calls)
  const { completeAsFarAsKnown: _, ...rest } = summary
  const skews = presentSkews(session)
  const wordsFor = nameNodes(nodes)
  const totals = { hops: hops.total, calls: calls.length, missing: missing.length }
  yield
  const { cut = [] } = session.inOrder('cause')
  yield
  return {
    session: {
      ...rest,
      ...(session.graph.skew.steps.length > 0 && { durationMs: longestDrawn(session.graph) / 1_000 }),
      complete: isComplete,
      ...(isCompleteAsFarAsKnown && !isComplete && { completeAsFarAsKnown: true as const }),
      properties: mergeProperties(sums),
      ...(typeof budgetMs === 'number' && { deadline: { budgetMs } }),
      ...(isDerived(origin) && { derivedFrom: origin.session }),
      derived,
      kept,
    },
    hops: hops.listed,
    calls: listedCalls,
    nodes: [...nodes.values()].map((node) => presentNode(node, wordsFor(node.node)?.name ?? node.service, skews.get(node.node))),
    missing: missing.slice(0, MAX_LISTED).map(datesOfMissing(session)),
    breakers: presentBreakers(session),
    clockSteps: presentSteps(session),
    oddities: findOddities(session.graph, cut, wordsFor),
    ...(Math.max(...Object.values(totals)) > MAX_LISTED && { totals }),
  }
}

function isDerived(value: unknown): value is { session: string } {
  return typeof value === 'object' && value !== null && 'session' in value && typeof value.session === 'string'
}

/** As fatesOf, but with the callers that the events tell. */
function fatesByGraph({ sums, graph, nodes }: ExplainedSession): HopFate[] {
  const positionOf = new Map(sums.map((sum, i) => [sum.span, i]))
  return sums.map((sum) => {
    const link = graph.links[graph.tree.bySpan.get(sum.span) ?? -1]
    const caller = graph.tree.hops[link?.caller ?? -1]?.span
    return {
      parent: caller === undefined ? -1 : (positionOf.get(caller) ?? -1),
      isWork: isWork(sum),
      closed: sum.closed,
      presence: presenceOf(sum.nodeId === null ? undefined : nodes.get(sum.nodeId)),
    }
  })
}

function presentNode(node: StoredNode, name: string, skewMs: NodeSkew | undefined): NodeView {
  return {
    id: node.node,
    name,
    service: node.service,
    version: node.version,
    environment: node.environment,
    ...(node.address !== null && { address: node.address }),
    ...(node.host !== null && { host: node.host }),
    ...(node.pid !== null && { pid: node.pid }),
    ...(node.runtime !== null && { runtime: node.runtime }),
    ...((node.origin === 'otlp' || node.origin === 'mdk') && { origin: node.origin }),
    ...(skewMs && { skewMs }),
    state: nodeState(node),
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
