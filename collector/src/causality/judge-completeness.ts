import { deriveCalls, type Call } from './calls.js'
import { countMissing, type MissingRun } from './completeness.js'
import type { CausalGraph } from './graph.js'
import type { HopLink } from './links.js'

/** What is whole about a session, and what is not. Numbers are positions in `events`, `hops` those in the graph's hops. */
export interface Completeness {
  /** Every hop is native and closed, its caller was seen, every call is answered, and no number is absent. */
  isComplete: boolean
  /** The same but for hops of other wires, of which nobody can tell. True of a complete session too. */
  isCompleteAsFarAsKnown: boolean
  /** Calls without a return whose callee was never seen; not those that want no answer. */
  unanswered: number[]
  /** Hops that only a return names, and how many events they had at least. */
  unseen: { span: string; atLeast: number; namedBy: number }[]
  /** Hops of our own wire without a close. */
  unclosed: number[]
  /** Hops of our own wire whose clock says that a caller had events, of whom nothing was seen. */
  callerUnseen: number[]
  /** Hops of other wires, and hops that a plain OpenTelemetry caller sent that was not seen. */
  foreign: number[]
}

/** `missing`: of findMissing. `isForeign`: whether a hop of that span is MDK's or OpenTelemetry's. `calls`: of deriveCalls. Cost: linear. */
export function judgeCompleteness(
  graph: CausalGraph,
  missing: readonly MissingRun[],
  isForeign: (span: string) => boolean,
  calls: readonly Call[] = deriveCalls(graph),
): Completeness {
  const { tree, links } = graph
  const unclosed: number[] = []
  const callerUnseen: number[] = []
  const foreign: number[] = []
  for (const [h, hop] of tree.hops.entries()) {
    const isOurs = !isForeign(hop.span)
    const link = links[h]
    if (!isOurs || (link && isSentByStranger(graph, link, h))) foreign.push(h)
    if (isOurs && hop.close < 0) unclosed.push(h)
    if (link && lacksCaller(graph, link, h)) callerUnseen.push(h)
  }
  const unanswered = findUnanswered(graph, calls)
  const unseen = findUnseen(graph)
  const isWhole = [unanswered, unseen, unclosed, callerUnseen].every((list) => list.length === 0) && countMissing(missing) === 0
  const isCompleteAsFarAsKnown = isWhole && tree.hops.length > 0
  return {
    isComplete: isCompleteAsFarAsKnown && foreign.length === 0,
    isCompleteAsFarAsKnown,
    unanswered,
    unseen,
    unclosed,
    callerUnseen,
    foreign,
  }
}

function isSentByStranger({ tree }: CausalGraph, { caller }: HopLink, h: number): boolean {
  const hop = tree.hops[h]
  return caller < 0 && hop !== undefined && hop.parent !== null && hop.path.length === 0
}

/** A hop that the events name stands under a caller that can have sent it, or the caller's events are all missing. */
function lacksCaller({ tree }: CausalGraph, { caller, by }: HopLink, h: number): boolean {
  const level = tree.hops[h]?.path.length ?? 0
  if (level === 0) return false
  if (caller < 0) return true
  return (by === 'path' || by === 'guess') && tree.hops[caller]?.path.length !== level - 1
}

function findUnanswered(graph: CausalGraph, calls: readonly Call[]): number[] {
  const { events, tree, links } = graph
  const guessed = new Set<string>()
  for (const [h, link] of links.entries()) if (link.by === 'guess') guessed.add((tree.hops[h]?.path ?? []).join('.'))
  return calls
    .filter(({ event, answer, callees }) => {
      const call = events[event]
      if (!call || answer >= 0 || callees.length > 0 || call.oneway === true) return false
      return guessed.size === 0 || !guessed.has([...(call.path ?? []), call.number].join('.'))
    })
    .map(({ event }) => event)
}

function findUnseen({ events, tree }: CausalGraph): Completeness['unseen'] {
  const unseen = new Map<string, Completeness['unseen'][number]>()
  for (const hop of tree.hops) {
    for (const event of hop.events) {
      const callee = events[event]?.callee
      if (!callee || tree.bySpan.has(callee.span)) continue
      const known = unseen.get(callee.span) ?? { span: callee.span, atLeast: 0, namedBy: event }
      known.atLeast = Math.max(known.atLeast, callee.last)
      unseen.set(callee.span, known)
    }
  }
  return [...unseen.values()]
}
