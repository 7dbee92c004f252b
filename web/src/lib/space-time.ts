import type { SessionRow } from '@groundtrack/collector/api'
import { lineName } from './event-link'
import { isError } from './levels'
import { eventMs, type Call, type Process, type Step, type Story } from './session-story'

/** A message between two processes, or to one that was never seen. Moments are milliseconds from the start of the session. */
export interface Message {
  key: string
  kind: 'call' | 'answer'
  call: Call
  /** The line that sent it, as links name it. */
  line: string
  from: { lane: number; ms: number }
  /** Absent: nobody is known to have got it. */
  to?: { lane: number; ms: number }
  /** Of a message that nobody is known to have got: the process that it was meant for. */
  aim?: number
  /** By how much the two clocks may differ from what is drawn; null: nothing bounds it. */
  spreadMs: number | null
}

export interface Lane {
  process: Process
  steps: readonly Step[]
}

export interface SpaceTime {
  lanes: readonly Lane[]
  messages: readonly Message[]
}

/** A line per process, and what was sent between them. Pure; linear in steps and calls. */
export function drawSpaceTime(story: Story): SpaceTime {
  const lanes = [...story.processes.values()].map((process) => ({ process, steps: [] as Step[] }))
  const laneOf = new Map(lanes.map((lane, index) => [lane.process.view.id, index]))
  for (const step of story.steps.values()) lanes[laneOf.get(step.hop.node) ?? -1]?.steps.push(step)
  const messages = [...story.calls.values()].flatMap((call) => messagesOf(call, story, laneOf))
  return { lanes, messages: messages.toSorted((a, b) => a.from.ms - b.from.ms) }
}

function messagesOf(call: Call, story: Story, laneOf: ReadonlyMap<string, number>): Message[] {
  const { view } = call
  const caller = story.steps.get(view.span)
  const callerLane = caller && laneOf.get(caller.hop.node)
  if (caller === undefined || callerLane === undefined) return []
  const line = `${view.span}:${view.n}`
  const sent = { lane: callerLane, ms: call.startMs - story.startMs }
  const callees = view.callees.flatMap((span) => {
    const step = story.steps.get(span)
    return step && laneOf.has(step.hop.node) ? [step] : []
  })
  if (callees.length === 0) return [{ key: view.call, kind: 'call', call, line, from: sent, ...aimOf(call, laneOf), spreadMs: 0 }]
  return callees.flatMap((callee): Message[] => {
    const lane = laneOf.get(callee.hop.node)
    if (lane === undefined) return []
    const spreadMs = spreadOf(story, caller.hop.node, callee.hop.node)
    const arrived = { lane, ms: callee.startMs - story.startMs }
    const key = `${view.call} ${callee.hop.span}`
    const there: Message = { key, kind: 'call', call, line, from: sent, to: arrived, spreadMs }
    const isAnswered = !call.open && ANSWERED.has(view.status)
    if (!isAnswered) return [there]
    const back = Math.min(callee.open ? call.endMs : callee.endMs, call.endMs)
    const from = { lane, ms: back - story.startMs }
    const to = { lane: callerLane, ms: call.endMs - story.startMs }
    return [there, { key: `${key} answer`, kind: 'answer', call, line, from, to, spreadMs }]
  })
}

const ANSWERED: ReadonlySet<string> = new Set(['ok', 'error'])

/** Nobody was seen to get it: the process it was meant for is aimed at, where it is known. */
function aimOf(call: Call, laneOf: ReadonlyMap<string, number>): { aim?: number } {
  const aim = call.view.target?.node === undefined ? undefined : laneOf.get(call.view.target.node)
  return aim === undefined ? {} : { aim }
}

/** How much two clocks may differ beyond what was corrected. */
export function spreadOf(story: Story, one: string, other: string): number | null {
  if (one === other) return 0
  const [a, b] = [errorOf(story.processes.get(one)), errorOf(story.processes.get(other))]
  return a === null || b === null ? null : a + b
}

function errorOf(process: Process | undefined): number | null {
  return process?.skew === undefined ? 0 : process.skew.error
}

/** Messages that touch a stretch of time, at most so many; `left` says how many more do. */
export function inWindow(
  messages: readonly Message[],
  window: { from: number; to: number },
  most: number,
): { shown: readonly Message[]; left: number } {
  const within = messages.filter((message) => message.from.ms <= window.to && (message.to?.ms ?? message.from.ms) >= window.from)
  return { shown: within.slice(0, most), left: Math.max(0, within.length - most) }
}

/** An error line on the line of its process. */
export interface Fault {
  line: string
  words: string
  lane: number
  ms: number
}

const FAULTS_MOST = 500

/** The first error lines among those that are loaded. */
export function faultsIn(rows: readonly (SessionRow | undefined)[], story: Story): Fault[] {
  const laneOf = new Map([...story.processes.keys()].map((node, index) => [node, index]))
  const faults: Fault[] = []
  for (const row of rows) {
    if (faults.length === FAULTS_MOST) break
    if (row === undefined || row.kind === 'missing' || !isError(row.level)) continue
    const lane = laneOf.get(row.node)
    if (lane !== undefined) faults.push({ line: lineName(row), words: row.message, lane, ms: eventMs(row, story) - story.startMs })
  }
  return faults
}
