import type { CallStatus, ClockStep, MissingState, MissingView, NodeSkew, NodeView } from '@groundtrack/collector/api'
import { findCulprit } from './find-cause'
import { countOf, formatCount, formatDuration } from './format'
import { tookMs, type Story } from './session-story'

const MISSING_WORDS: Record<MissingState, string> = {
  expected: 'not here yet',
  dropped: 'dropped',
  rejected: 'rejected',
  died: 'lost when the process died',
  unexplained: 'unexplained',
  unknowable: 'nobody can tell why',
}

const REASON_WORDS: Record<string, string> = { buffer_full: 'buffer full', too_large: 'too large' }

/** The first thing to say of a session: what went wrong and where, or that nothing did. */
export function headline(story: Story): string {
  const { session } = story.view
  const took = formatDuration(tookMs(story))
  switch (session.outcome) {
    case 'failed':
      return `Failed${inService(session.error?.service)} after ${took}${session.error?.message ? `: ${session.error.message}` : ''}`
    case 'died':
      return `Died${inService(findCulprit(story)?.hop.service)} after ${took}, before it was done`
    case 'running':
      return `Running, ${took} so far`
    case 'ok':
      return session.errors === 0 ? `Ok in ${took}` : `Ok in ${took}, with ${countOf(session.errors, 'error')} on the way`
    case 'unknown':
      return `${countOf(session.events, 'line')} over ${took}; nobody said how it ended`
  }
}

function inService(service: string | undefined): string {
  return service ? ` in ${service}` : ''
}

export interface Completeness {
  tone: 'ok' | 'warn' | 'muted'
  words: string
  /** A longer sentence for whoever asks. */
  tip: string
}

/** How sure it is that all lines are here: "complete", or what is missing, of whom and why. */
export function completenessWords(story: Story): Completeness {
  const { session, missing, calls } = story.view
  const gaps = missing.reduce((sum, each) => sum + each.to - each.from + 1, 0)
  const count = Math.max(session.missing, gaps)
  if (count > 0)
    return {
      tone: 'warn',
      words: [`${formatCount(count)} missing`, ...(gaps > 0 ? [missingOfWhom(story)] : [])].join(': '),
      tip: 'Numbers of lines that were written, and are not here. Each stands at its place in the list',
    }
  const unanswered = calls.filter((call) => call.status === 'unanswered').length
  if (unanswered > 0) return { tone: 'warn', words: countOf(unanswered, 'unanswered call'), tip: 'Sent, and nobody was seen to get it' }
  if (session.complete) return { tone: 'ok', words: 'complete', tip: 'Every step is closed, every call answered, and no line is missing' }
  if (session.outcome === 'running') return { tone: 'muted', words: 'still receiving', tip: 'No line is missing so far' }
  const open = session.completeAsFarAsKnown ? 0 : story.view.hops.filter((hop) => hop.closed === undefined).length
  if (open > 0) {
    const tip = 'No line is known to be missing, but who never said that it was done may have written more'
    return { tone: 'muted', words: `${countOf(open, 'step')} never closed`, tip }
  }
  const tip = 'No line is known to be missing, but some process numbers its lines so that nobody can tell'
  return { tone: 'muted', words: 'complete as far as known', tip }
}

const GROUPS_SHOWN = 3

/** "payments-2 dropped 3 (buffer full), cart lacks 1, unexplained" */
function missingOfWhom({ view, steps, processes }: Story): string {
  const groups = new Map<string, { who: string; state: MissingState; reason: string; count: number }>()
  for (const { span, from, to, state, reason } of view.missing) {
    const node = steps.get(span)?.hop.node
    const who = (node === undefined ? undefined : processes.get(node)?.name) ?? 'a step that is not here'
    const key = `${who} ${state} ${reason ?? ''}`
    const before = groups.get(key)?.count ?? 0
    groups.set(key, { who, state, reason: reasonWords(reason), count: before + to - from + 1 })
  }
  const said = [...groups.values()].map(({ who, state, reason, count }) => `${whoLacks(who, state, formatCount(count))}${reason}`)
  const more = said.length > GROUPS_SHOWN ? `, and ${countOf(said.length - GROUPS_SHOWN, 'more cause')}` : ''
  return said.slice(0, GROUPS_SHOWN).join(', ') + more
}

function whoLacks(who: string, state: MissingState, count: string): string {
  switch (state) {
    case 'expected':
      return `${who} has yet to deliver ${count}`
    case 'dropped':
      return `${who} dropped ${count}`
    case 'rejected':
      return `${who} had ${count} rejected`
    case 'died':
      return `${who} died with ${count} undelivered`
    case 'unexplained':
      return `${who} lacks ${count}, unexplained`
    case 'unknowable':
      return `${who} lacks ${count}, nobody can tell why`
  }
}

/** "3 lines missing: dropped by the process (its buffer was full)" */
export function missingWords(missing: Pick<MissingView, 'from' | 'to' | 'state' | 'reason'>): string {
  const lines = countOf(missing.to - missing.from + 1, 'line')
  return `${lines} missing: ${missingCause(missing)}`
}

function missingCause({ state, reason }: Pick<MissingView, 'state' | 'reason'>): string {
  return `${MISSING_WORDS[state]}${reasonWords(reason)}`
}

function reasonWords(reason: string | undefined): string {
  return reason === undefined || reason === '' ? '' : ` (${REASON_WORDS[reason] ?? reason.replaceAll('_', ' ')})`
}

/** Why a number may be absent, in a sentence. */
export const MISSING_TIPS: Record<MissingState, string> = {
  expected: 'The process wrote these lines and still has to deliver them; they are waited for up to ten minutes',
  dropped: 'The process wrote these lines and gave them up before they were sent, for the reason it gave',
  rejected: 'The collector refused these lines, for the reason it gave',
  died: 'The process wrote these lines and was gone before it delivered them',
  unexplained: 'These numbers were used and nothing accounts for them: a bug, or a forgery',
  unknowable: 'This process numbers its lines in a way that does not tell a lost line from a call',
}

/** Plain words for the marks beside a line. */
export const MARK_TIPS = {
  concurrent: 'Concurrent with the line before: neither caused the other, so either may have happened first',
  late: 'Late: it arrived after its step had been shown as done',
  ambiguous: 'Its place is not certain: another line claims the same number, or its step is placed by a guess',
  inversion: 'By its clock it stands before a line that caused it: this clock, or the other one, is wrong',
  joinedTwice: 'The same call was taken up twice, as after a retry: these steps share one place',
  running: 'Still running: its end is open',
  died: 'Its process was gone before the step was done; this is the last that it said',
  whisker: 'How sure the moment is: the two clocks may differ by this much more than was corrected',
} as const

/** "clock of cart-2 stepped by about 4 s here" */
export function clockStepWords(step: ClockStep, story: Story): string {
  const who = story.processes.get(step.node)?.name ?? 'a process'
  return `Clock of ${who} stepped ${step.stepMs < 0 ? 'back ' : ''}by about ${formatDuration(Math.abs(step.stepMs))} here`
}

export const CALL_STATUS_WORDS: Record<CallStatus, string> = {
  ok: '',
  error: 'failed',
  timeout: 'timed out',
  cut: 'cut, breaker open',
  unanswered: 'unanswered',
  oneway: 'no answer awaited',
  pending: 'waiting',
  died: '† died',
}

/** What became of a call, in a sentence. */
export const CALL_STATUS_TIPS: Record<CallStatus, string> = {
  ok: 'It was answered',
  error: 'It failed, or its answer says so',
  timeout: 'No answer came before its time was up',
  cut: 'It was not sent: the breaker to its target was open',
  unanswered: 'No answer came, and nobody was seen to get it',
  oneway: 'Nobody waits for an answer',
  pending: 'Its answer is still awaited',
  died: 'No answer came: a process that took part died',
}

export const PROCESS_STATE: Record<NodeView['state'], { shape: string; words: string }> = {
  up: { shape: '●', words: 'up now' },
  stale: { shape: '◐', words: 'stale: it missed its last sign of life' },
  gone: { shape: '○', words: 'gone' },
  unknown: { shape: '?', words: 'sends no sign of life' },
}

const SKEW_SHOWN_MS = 20

/** "clock 5.0 s ahead ± 0.8 ms" where the process' clock was measured to differ by more than a hair. */
export function skewWords(skew: NodeSkew | undefined): string | undefined {
  if (skew === undefined || Math.abs(skew.offset) < SKEW_SHOWN_MS) return undefined
  return `clock ${formatDuration(Math.abs(skew.offset))} ${skew.offset > 0 ? 'ahead' : 'behind'}${errorWords(skew)}`
}

/** " ± 0.8 ms"; where nothing bounds it, or it is a guess, that. */
export function errorWords(skew: NodeSkew | undefined): string {
  if (skew === undefined) return ''
  if (skew.kind === 'estimate') return ', an estimate'
  if (skew.error === null) return ', or more'
  return skew.error > 0 ? ` ± ${formatDuration(skew.error)}` : ''
}
