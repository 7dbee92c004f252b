import type { MissingView } from '../api.js'
import { findNeighbours, type MissingRun } from '../causality/index.js'
import type { ExplainedSession } from './explain-session.js'
import { formatMicros } from './time.js'

/**
 * What says of a missing run about when it was: by the clock of the event next to it in its hop, the one before it if there is one;
 * of a hop of which nothing came, when a return named it or its loss was reported.
 */
export function datesOfMissing(session: ExplainedSession): (run: MissingRun) => MissingView {
  let elsewhere: Map<string, number> | undefined
  return (run) => {
    const { before, after } = findNeighbours(session.graph, run)
    const neighbour = session.graph.events[before >= 0 ? before : after]
    const micros = neighbour?.timeMicros ?? (elsewhere ??= toldElsewhere(session)).get(run.span)
    return micros === undefined ? run : { ...run, time: formatMicros(micros) }
  }
}

/** Microseconds, by span of the hops without events. */
function toldElsewhere({ graph, absences }: ExplainedSession): Map<string, number> {
  const told = new Map<string, number>()
  for (const { callee, timeMicros } of graph.events) if (callee && !told.has(callee.span)) told.set(callee.span, timeMicros)
  for (const { span, receivedMicros } of absences) if (!told.has(span)) told.set(span, receivedMicros)
  return told
}
