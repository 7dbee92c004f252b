import type { CallStatus, CallView, LastWords } from '../api.js'
import { breakerId, readCallTarget } from '../breakers/breaker-id.js'
import { correctedMicros, type Call, type CausalGraph, type HopState } from '../causality/index.js'
import type { ExplainedSession } from './explain-session.js'
import { formatMicros } from './time.js'

type States = ReadonlyMap<string, HopState>
type Words = ReadonlyMap<string, LastWords>

/** Of some of the session's calls. */
export function presentCalls({ graph, rows }: ExplainedSession, calls: readonly Call[], states: States, lastWords: Words): CallView[] {
  return calls.map(({ event, answer, callees }) => {
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
      ...correctCall(graph, event, answer),
      status,
      ...(typeof returned['reason'] === 'string' && { reason: returned['reason'] }),
      callees: reached,
      ...(back?.callee && { callee: back.callee }),
      ...((breaker === 'closed' || breaker === 'half_open') && { breaker }),
      ...((breaker !== undefined || status === 'cut') && presentBreakerId(sent?.node ?? '', detail['target'])),
      ...(typeof remainingMs === 'number' && { remainingMs }),
      ...(words && { lastWords: words }),
    }
  })
}

function presentBreakerId(caller: string, target: unknown): Pick<CallView, 'breakerId'> {
  const id = caller === '' ? null : breakerId(caller, readCallTarget(target))
  return id === null ? {} : { breakerId: id }
}

function correctCall(graph: CausalGraph, event: number, answer: number): Pick<CallView, 'corrected'> {
  const started = correctedMicros(graph, event)
  const ended = answer < 0 ? undefined : correctedMicros(graph, answer)
  if (started === undefined) return {}
  return { corrected: { started: formatMicros(started), ...(ended !== undefined && { ended: formatMicros(ended) }) } }
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

export function readTarget(value: unknown): CallView['target'] {
  if (typeof value !== 'object' || value === null) return null
  const fields = Object.entries(value).filter(
    ([name, field]) => ['service', 'version', 'node', 'address'].includes(name) && typeof field === 'string',
  )
  return Object.fromEntries(fields)
}
