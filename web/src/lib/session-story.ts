import type { CallView, EventView, Hop, NodeSkew, NodeView, SessionView } from '@groundtrack/collector/api'
import { epochMs } from './instant'

/** A step of the session as it is drawn. Times are epoch milliseconds, less the measured skew of its process. */
export interface Step {
  hop: Hop
  depth: number
  startMs: number
  endMs: number
  /** Its end is not known: still running, died, or nobody said. */
  open: boolean
  children: Step[]
  /** Rows of itself and of all steps below it, missing ones too. */
  rows: number
  /** Errors in it and below. */
  errors: number
}

export interface Call {
  view: CallView
  startMs: number
  endMs: number
  open: boolean
}

export interface Process {
  view: NodeView
  name: string
  /** How far its clock is ahead of the first one; absent where this session says nothing of it. */
  skew: NodeSkew | undefined
}

export interface Story {
  view: SessionView
  steps: ReadonlyMap<string, Step>
  roots: readonly Step[]
  calls: ReadonlyMap<string, Call>
  processes: ReadonlyMap<string, Process>
  /** What the time axis covers. */
  startMs: number
  endMs: number
}

/**
 * Puts steps, calls and processes of a session together. `seenMs` is when a running one was looked at: its axis reaches that far.
 * Pure; linear in their number.
 */
export function tellStory(view: SessionView, seenMs = -Infinity): Story {
  const processes = orderProcesses(view)
  const ahead = (node: string | undefined) => processes.get(node ?? '')?.skew?.offset ?? 0
  const nodeOfSpan = new Map(view.hops.map((hop) => [hop.span, hop.node]))
  const hopTimes = view.hops.map((hop) => correct(hop.opened, hop.closed, hop.corrected?.opened, hop.corrected?.closed, ahead(hop.node)))
  const callTimes = view.calls.map((call) =>
    correct(call.started, call.ended, call.corrected?.started, call.corrected?.ended, ahead(nodeOfSpan.get(call.span))),
  )
  const known = [...hopTimes, ...callTimes].flatMap(({ startMs, endMs }) => (endMs === undefined ? [startMs] : [startMs, endMs]))
  const started = epochMs(view.session.started)
  const startMs = known.reduce((least, ms) => Math.min(least, ms), known[0] ?? started)
  const isOpen = known.length === 0 || view.hops.some((hop) => hop.closed === undefined)
  const least = Math.max(isOpen ? startMs + view.session.durationMs : startMs + 0.001, view.session.outcome === 'running' ? seenMs : 0)
  const endMs = known.reduce((most, ms) => Math.max(most, ms), least)

  const calls = new Map(
    view.calls.map((call, index): [string, Call] => {
      const times = callTimes[index] ?? { startMs, endMs: undefined }
      return [call.call, { view: call, startMs: times.startMs, endMs: times.endMs ?? endMs, open: times.endMs === undefined }]
    }),
  )
  const answered = new Map([...calls.values()].flatMap((call) => call.view.callees.map((span): [string, Call] => [span, call])))
  const steps = new Map(
    view.hops.map((hop, index): [string, Step] => {
      return [hop.span, stepOf(hop, hopTimes[index] ?? { startMs, endMs: undefined }, answered.get(hop.span), endMs)]
    }),
  )
  const roots = nest(steps, view)
  return { view, steps, roots, calls, processes, startMs, endMs: Math.max(endMs, startMs + 0.001) }
}

/** How long it took, as the list says it too; of a running one, as far as the axis goes. */
export function tookMs({ view, startMs, endMs }: Story): number {
  return view.session.outcome === 'running' ? endMs - startMs : view.session.durationMs
}

/** When an event happened on the axis of the story: less the skew of its process' clock. */
export function eventMs(event: EventView, story: Story): number {
  return event.corrected === undefined
    ? epochMs(event.time) - (story.processes.get(event.node)?.skew?.offset ?? 0)
    : epochMs(event.corrected)
}

interface Times {
  startMs: number
  endMs: number | undefined
}

/** The collector's corrected instants; where it knows nothing of the clock, the raw ones less what the clock is ahead. */
function correct(
  start: string,
  end: string | undefined,
  correctedStart: string | undefined,
  correctedEnd: string | undefined,
  aheadMs: number,
): Times {
  const startMs = correctedStart === undefined ? epochMs(start) - aheadMs : epochMs(correctedStart)
  const rawEndMs = end === undefined ? undefined : epochMs(end) - aheadMs
  return { startMs, endMs: correctedEnd === undefined ? rawEndMs : epochMs(correctedEnd) }
}

function stepOf(hop: Hop, { startMs, endMs }: Times, call: Call | undefined, lastMs: number): Step {
  const open = endMs === undefined
  const given = call && !call.open ? call.endMs : lastMs
  const lastSeen = hop.lastWords === undefined ? given : startMs + epochMs(hop.lastWords.time) - epochMs(hop.opened)
  const until = endMs ?? (hop.state === 'running' ? lastMs : lastSeen)
  return { hop, depth: 0, startMs, endMs: Math.max(startMs, until), open, children: [], rows: hop.events, errors: hop.errors }
}

/** Ties steps to the step that called them; returns those that nobody called. A circle of parents is cut where it closes. */
function nest(steps: Map<string, Step>, view: SessionView): Step[] {
  for (const missing of view.missing) {
    const step = steps.get(missing.span)
    if (step) step.rows += 1
  }
  const roots: Step[] = []
  const cut = findCuts(steps)
  for (const step of steps.values()) {
    const parent = cut.has(step) ? undefined : parentOf(step, steps)
    if (parent === undefined) roots.push(step)
    else parent.children.push(step)
  }
  for (const root of roots) addUp(root)
  return roots
}

/** Steps whose way up ends in a circle that they close. Each step is walked over once. */
function findCuts(steps: ReadonlyMap<string, Step>): Set<Step> {
  const cuts = new Set<Step>()
  const done = new Set<Step>()
  for (const start of steps.values()) {
    const path = new Set<Step>()
    let step: Step | undefined = start
    while (step !== undefined && !done.has(step)) {
      path.add(step)
      const parent: Step | undefined = parentOf(step, steps)
      if (parent !== undefined && path.has(parent)) cuts.add(step)
      done.add(step)
      step = parent
    }
  }
  return cuts
}

function parentOf({ hop }: Step, steps: ReadonlyMap<string, Step>): Step | undefined {
  return hop.parentSpan === null ? undefined : steps.get(hop.parentSpan)
}

/** Depth downwards, sums upwards; iterative, since a chain of calls may be long. */
function addUp(root: Step): void {
  const order: Step[] = [root]
  for (let index = 0; index < order.length; index += 1) {
    const step = order[index]
    for (const child of step?.children ?? []) {
      child.depth = (step?.depth ?? 0) + 1
      order.push(child)
    }
  }
  for (const step of order.toReversed())
    for (const child of step.children) {
      step.rows += child.rows
      step.errors += child.errors
    }
}

/** In order of appearance. */
function orderProcesses(view: SessionView): Map<string, Process> {
  const appeared = new Map(view.hops.map((hop, index): [string, number] => [hop.node, index]).toReversed())
  const place = (node: NodeView) => appeared.get(node.id) ?? Infinity
  const nodes = view.nodes.toSorted((a, b) => place(a) - place(b))
  return new Map(nodes.map((node) => [node.id, { view: node, name: node.name, skew: node.skewMs }]))
}
