import type { Hop, LastWords } from '../api.js'
import { correctedMicros, type CausalGraph, type HopState } from '../causality/index.js'
import type { ExplainedSession } from './explain-session.js'
import type { HopSum } from './merge-parts.js'
import { findNamedHops } from './named-hops.js'
import { formatMicros } from './time.js'

export interface PresentedHops {
  /** The first of them. */
  listed: Hop[]
  total: number
}

interface Known {
  states: ReadonlyMap<string, HopState>
  lastWords: ReadonlyMap<string, LastWords>
  /** How many are listed at most. */
  limit: number
}

const EVENTS_A_STEP = 16_384

/** In the order of the tree. */
export function* presentHops(session: ExplainedSession, { states, lastWords, limit }: Known): Generator<void, PresentedHops, void> {
  const { sums, graph, byCall } = session
  const namedHops = findNamedHops(session)
  const sumOf = new Map(sums.map((sum) => [sum.span, sum]))
  const listed: Hop[] = []
  let total = 0
  for (let place = 0; place < byCall.order.length; place++) {
    const event = byCall.order[place] ?? 0
    const h = graph.placeOf[event] === 0 ? (graph.hopOf[event] ?? -1) : -1
    const sum = sumOf.get(graph.tree.hops[h]?.span ?? '')
    if (sum && ++total <= limit) {
      const words = lastWords.get(sum.span)
      listed.push({ ...presentHop(session, h, sum), state: states.get(sum.span) ?? 'unknown', ...(words && { lastWords: words }) })
    }
    const named = namedHops.namedBy(event)
    if (named && ++total <= limit) listed.push(named)
    if (place % EVENTS_A_STEP === EVENTS_A_STEP - 1) yield
  }
  return { listed, total }
}

function presentHop({ graph, nodes, byCall }: ExplainedSession, h: number, sum: HopSum): Omit<Hop, 'state' | 'lastWords'> {
  const caller = graph.tree.hops[graph.links[h]?.caller ?? -1]
  const node = sum.nodeId === null ? undefined : nodes.get(sum.nodeId)
  const remainingMs = sum.detail?.['remainingMs']
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
    ...correctHop(graph, h),
    ...(sum.closed !== null && { status: sum.closed }),
    ...(sum.reason !== null && { reason: sum.reason }),
    events: sum.events,
    errors: sum.errors,
    last: Math.max(sum.lastNumber, sum.atLeast),
    ...(byCall.joinedTwice[h] === 1 && { joinedTwice: true }),
    ...(typeof remainingMs === 'number' && { remainingMs }),
  }
}

/** By the events: an open and a close that lie in parts alone came after the events were read. */
function correctHop(graph: CausalGraph, h: number): Pick<Hop, 'corrected'> {
  const { open = -1, close = -1, events = [] } = graph.tree.hops[h] ?? {}
  const opened = correctedMicros(graph, open >= 0 ? open : (events[0] ?? -1))
  const closed = close < 0 ? undefined : correctedMicros(graph, close)
  if (opened === undefined) return {}
  return { corrected: { opened: formatMicros(opened), ...(closed !== undefined && { closed: formatMicros(closed) }) } }
}
