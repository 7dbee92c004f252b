import type { Hop } from '../api.js'
import { knownNumbers, type CausalEvent, type CausalGraph } from '../causality/index.js'
import type { ExplainedSession } from './explain-session.js'
import { presenceOf } from './presence.js'
import { formatMicros } from './time.js'

/**
 * What shows hops of which nothing came but their name in a return: asked for the events of the session one by one, in the order of
 * the tree, it answers with the hop that an event is the first to name. Of what such a hop did nobody knows more than the call
 * that was answered: where it was sent to, and when. It `died` where that node is known to be gone.
 */
export function findNamedHops({ graph, nodes, rows }: ExplainedSession): { namedBy(event: number): Hop | undefined } {
  const isSeen = ({ callee }: CausalEvent) => !callee || graph.tree.bySpan.has(callee.span)
  if (graph.events.every(isSeen)) return { namedBy: () => undefined }
  const atLeast = new Map(
    knownNumbers(graph)
      .slice(graph.tree.hops.length)
      .map((hop) => [hop.span, hop.atLeast]),
  )
  const callOf = findCalls(graph)
  const nodeByUuid = new Map([...nodes.values()].map((node) => [node.node, node]))

  return {
    namedBy(event) {
      const back = graph.events[event]
      const span = back?.callee?.span ?? ''
      const last = atLeast.get(span)
      if (!back || last === undefined) return undefined
      atLeast.delete(span)
      const call = callOf.get(back.call ?? '') ?? -1
      const sent = graph.events[call]
      const caller = graph.tree.hops[graph.hopOf[event] ?? -1]
      const { service, node } = readTarget(rows[call]?.detail?.['target'])
      const runner = nodeByUuid.get(node)
      return {
        span,
        parent: back.call ?? null,
        parentSpan: caller?.span ?? null,
        node,
        service: service || (runner?.service ?? ''),
        path: caller && sent?.span === caller.span && sent.number !== null ? [...caller.path, sent.number] : [],
        name: '',
        opened: formatMicros((sent ?? back).timeMicros),
        events: 0,
        errors: 0,
        last,
        state: presenceOf(runner) === 'gone' ? 'died' : 'unknown',
        onlyNamed: true,
      }
    },
  }
}

/** The call event of each call id. */
function findCalls({ events }: CausalGraph): Map<string, number> {
  const calls = new Map<string, number>()
  for (const [index, event] of events.entries())
    if (event.kind === 'call' && event.call !== undefined && !calls.has(event.call)) calls.set(event.call, index)
  return calls
}

function readTarget(value: unknown): { service: string; node: string } {
  const target: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {}
  const text = (field: unknown) => (typeof field === 'string' ? field : '')
  return { service: text(target['service']), node: text(target['node']) }
}
