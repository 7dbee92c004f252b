import type { CallStatus, ClockStep, NodeSkew } from '@groundtrack/collector/api'
import { findCulprit } from './find-cause'
import { countOf, formatDuration } from './format'
import { tookMs, type Story } from './session-story'

/** The first thing to say of a session: what went wrong and where, or that nothing did. */
export function headline(story: Story): string {
  const { session } = story.view
  const took = formatDuration(tookMs(story))
  switch (session.outcome) {
    case 'failed':
      return `Failed${inProcess(session.error, story)} after ${took}${session.error?.message ? `: ${session.error.message}` : ''}`
    case 'died':
      return `Died${inProcess(findCulprit(story)?.hop, story)} after ${took}, before it was done`
    case 'running':
      return `Running, ${took} so far`
    case 'ok':
      return session.errors === 0 ? `Ok in ${took}` : `Ok in ${took}, with ${countOf(session.errors, 'error')} on the way`
    case 'unknown':
      return `${countOf(session.events, 'line')} over ${took}; nobody said how it ended`
  }
}

function inProcess(at: { node: string; service: string } | undefined, { processes }: Story): string {
  const name = at && (processes.get(at.node)?.name ?? at.service)
  return name ? ` in ${name}` : ''
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
  cut: 'cut short by an open breaker',
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
