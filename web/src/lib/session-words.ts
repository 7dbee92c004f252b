import type { CallStatus, MissingState, MissingView, NodeView } from '@groundtrack/collector/api'
import type { Skew } from './bound-skew'
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

/** How sure it is that all lines are here: "complete", or what is missing, of whom and why. */
export function completenessWords({ view, steps, processes }: Story): { tone: 'ok' | 'warn' | 'muted'; words: string } {
  const { session, missing, calls } = view
  if (missing.length > 0) {
    const first = missing[0]
    const node = first && steps.get(first.span)?.hop.node
    const who = (node === undefined ? undefined : processes.get(node)?.name) ?? 'a step'
    const more = missing.length > 1 ? `, and ${countOf(missing.length - 1, 'more gap')}` : ''
    const count = Math.max(session.missing, missing.reduce((sum, each) => sum + each.to - each.from + 1, 0)) // prettier-ignore
    return { tone: 'warn', words: `${formatCount(count)} missing${first ? `: ${who}, ${missingCause(first)}${more}` : ''}` }
  }
  const unanswered = calls.filter((call) => call.status === 'unanswered').length
  if (unanswered > 0) return { tone: 'warn', words: countOf(unanswered, 'unanswered call') }
  if (session.complete) return { tone: 'ok', words: 'complete' }
  return { tone: 'muted', words: session.outcome === 'running' ? 'still receiving' : 'complete as far as known' }
}

/** "3 lines missing: dropped by the process (its buffer was full)" */
export function missingWords(missing: Pick<MissingView, 'from' | 'to' | 'state' | 'reason'>): string {
  const lines = countOf(missing.to - missing.from + 1, 'line')
  return `${lines} missing: ${missingCause(missing)}`
}

function missingCause({ state, reason }: Pick<MissingView, 'state' | 'reason'>): string {
  return reason === undefined ? MISSING_WORDS[state] : `${MISSING_WORDS[state]} (${REASON_WORDS[reason] ?? reason.replaceAll('_', ' ')})`
}

export const CALL_STATUS_WORDS: Record<CallStatus, string> = {
  ok: '',
  error: 'failed',
  timeout: 'timed out',
  cut: 'cut, breaker open',
  unanswered: 'unanswered',
  oneway: 'no answer awaited',
  pending: 'waiting',
}

export const PROCESS_STATE: Record<NodeView['state'], { shape: string; words: string }> = {
  up: { shape: '●', words: 'up now' },
  stale: { shape: '◐', words: 'stale: it missed its last sign of life' },
  gone: { shape: '○', words: 'gone' },
  unknown: { shape: '?', words: 'sends no sign of life' },
}

const SKEW_SHOWN_MS = 20

/** "clock 5.0 s ahead ± 0.8 ms" where the process' clock was measured to differ by more than a hair. */
export function skewWords(skew: Skew | undefined): string | undefined {
  if (skew === undefined || Math.abs(skew.offset) < SKEW_SHOWN_MS) return undefined
  const error = Number.isFinite(skew.error) && skew.error > 0 ? ` ± ${formatDuration(skew.error)}` : ''
  return `clock ${formatDuration(Math.abs(skew.offset))} ${skew.offset > 0 ? 'ahead' : 'behind'}${error}`
}
