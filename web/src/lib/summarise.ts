import type { Call, Step, Story } from './session-story'

/** What a service did in a session. Durations are milliseconds. */
export interface ServiceSum {
  service: string
  steps: number
  lines: number
  errors: number
  /** Time in its steps, added up. */
  totalMs: number
  /** The same less the time in which a step waited for a call: where the time was spent. */
  ownMs: number
  calls: number
  failedCalls: number
}

/** Services, the one that spent most time first. */
export function summarise(story: Story): ServiceSum[] {
  const callsOf = new Map<string, Call[]>()
  for (const call of story.calls.values()) callsOf.set(call.view.span, [...(callsOf.get(call.view.span) ?? []), call])
  const sums = new Map<string, ServiceSum>()
  for (const step of story.steps.values()) {
    const { hop } = step
    if (hop.onlyNamed) continue // what it did, and how long, nobody knows
    const sum = sums.get(hop.service) ?? { service: hop.service, ...NOTHING }
    const calls = callsOf.get(hop.span) ?? []
    sums.set(hop.service, {
      service: hop.service,
      steps: sum.steps + 1,
      lines: sum.lines + hop.events,
      errors: sum.errors + hop.errors,
      totalMs: sum.totalMs + step.endMs - step.startMs,
      ownMs: sum.ownMs + ownMs(step, calls),
      calls: sum.calls + calls.length,
      failedCalls: sum.failedCalls + calls.filter((call) => FAILED.has(call.view.status)).length,
    })
  }
  return [...sums.values()].toSorted((a, b) => b.ownMs - a.ownMs || (a.service < b.service ? -1 : 1))
}

const NOTHING = { steps: 0, lines: 0, errors: 0, totalMs: 0, ownMs: 0, calls: 0, failedCalls: 0 }
const FAILED: ReadonlySet<string> = new Set(['error', 'timeout', 'cut', 'unanswered', 'died'])

export function hasFailed({ view }: Call): boolean {
  return FAILED.has(view.status)
}

/** Time of a step in which it waited for no call; calls at the same time count once. */
function ownMs(step: Step, calls: readonly Call[]): number {
  const waits = calls
    .filter((call) => call.view.status !== 'oneway')
    .map((call) => ({ from: Math.max(step.startMs, call.startMs), to: Math.min(step.endMs, call.endMs) }))
    .filter((wait) => wait.to > wait.from)
    .toSorted((a, b) => a.from - b.from)
  let waited = 0
  let until = -Infinity
  for (const { from, to } of waits) {
    waited += Math.max(0, to - Math.max(from, until))
    until = Math.max(until, to)
  }
  return Math.max(0, step.endMs - step.startMs - waited)
}

/** The calls that took longest; those nobody waited for are left out. */
export function slowestCalls(story: Story, count: number): Call[] {
  return [...story.calls.values()]
    .filter((call) => call.view.status !== 'oneway')
    .toSorted((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs))
    .slice(0, count)
}
