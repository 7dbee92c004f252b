import type { Hop, MissingState, MissingView } from '@groundtrack/collector/api'
import { countOf, formatCount } from './format'
import { epochMs, formatSecond } from './instant'
import type { Story } from './session-story'

const MISSING_WORDS: Record<MissingState, string> = {
  expected: 'not here yet',
  dropped: 'dropped',
  rejected: 'rejected',
  died: 'lost when the process died',
  unexplained: 'unexplained',
  unknowable: 'nobody can tell why',
}

const REASON_WORDS: Record<string, string> = { buffer_full: 'buffer full', too_large: 'too large' }

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
  const isLeast = story.view.hops.some((hop) => hop.onlyNamed)
  if (count > 0)
    return {
      tone: 'warn',
      words: [`${isLeast ? 'at least ' : ''}${formatCount(count)} missing`, ...(gaps > 0 ? [missingOfWhom(story)] : [])].join(': '),
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

interface MissingGroup {
  who: string
  state: MissingState
  reason: string
  count: number
  /** More may be missing: of the step nothing is known but its last number then. */
  isLeast: boolean
  /** Seconds in which the lines were written, as far as known. */
  seconds: Set<string>
}

/** "payments-2 dropped 3 (buffer full) at 14:03:07, cart lacks 1, unexplained" */
function missingOfWhom(story: Story): string {
  const groups = new Map<string, MissingGroup>()
  for (const { span, from, to, state, reason, time } of story.view.missing) {
    const hop = story.steps.get(span)?.hop
    const who = whoseStep(hop, story) ?? 'a step that is not here'
    const key = `${who} ${state} ${reason ?? ''}`
    const group = groups.get(key) ?? { who, state, reason: reasonWords(reason), count: 0, isLeast: false, seconds: new Set() }
    groups.set(key, group)
    group.count += to - from + 1
    group.isLeast ||= hop?.onlyNamed === true
    if (time !== undefined) group.seconds.add(formatSecond(epochMs(time)))
  }
  const said = [...groups.values()].map((group) => `${whoLacks(group)}${group.reason}${whenWords(group.seconds)}`)
  const more = said.length > GROUPS_SHOWN ? `, and ${countOf(said.length - GROUPS_SHOWN, 'more cause')}` : ''
  return said.slice(0, GROUPS_SHOWN).join(', ') + more
}

function whoseStep(hop: Hop | undefined, { processes }: Story): string | undefined {
  const name = hop && (processes.get(hop.node)?.name ?? hop.service)
  return name === '' ? undefined : name
}

function whenWords(seconds: ReadonlySet<string>): string {
  const [first, ...rest] = [...seconds].toSorted()
  if (first === undefined) return ''
  return rest.length === 0 ? ` at ${first}` : ` from ${first} to ${rest.at(-1)}`
}

function whoLacks({ who, state, count, isLeast }: MissingGroup): string {
  const lines = `${isLeast ? 'at least ' : ''}${formatCount(count)}`
  switch (state) {
    case 'expected':
      return `${who} has yet to deliver ${lines}`
    case 'dropped':
      return `${who} dropped ${lines}`
    case 'rejected':
      return `${who} had ${lines} rejected`
    case 'died':
      return `${who} died with ${lines} undelivered`
    case 'unexplained':
      return `${who} lacks ${lines}, unexplained`
    case 'unknowable':
      return `${who} lacks ${lines}, nobody can tell why`
  }
}

/** "at least 4 lines missing: unexplained", of a step of which nothing came. */
export function nothingCameWords(missing: Pick<MissingView, 'from' | 'to' | 'state' | 'reason'>): string {
  return `nothing came of it: at least ${missingWords(missing)}`
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
