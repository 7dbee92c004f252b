import type { ClockStep, NodeSkew } from '../api.js'
import { skewByNode } from '../causality/index.js'
import type { LoadedSession } from './loaded-session.js'

/** By the node's UUID. Nodes that no edge of this session ties to the root's are estimated from how long their events took to arrive. */
export function presentSkews({ graph, clockLeads }: LoadedSession): Map<string, NodeSkew> {
  const skews = new Map<string, NodeSkew>()
  for (const [node, { offsetMicros, errorMicros, kind }] of skewByNode(graph.skew, clockLeads)) {
    if (offsetMicros === null) continue
    skews.set(node, { offset: offsetMicros / 1_000, error: errorMicros === null ? null : errorMicros / 1_000, kind })
  }
  return skews
}

export function presentSteps({ graph }: LoadedSession): ClockStep[] {
  return graph.skew.steps.map(({ node, stepMicros, event }) => ({
    node,
    stepMs: stepMicros / 1_000,
    span: graph.events[event]?.span ?? '',
    n: graph.events[event]?.number ?? 0,
  }))
}
