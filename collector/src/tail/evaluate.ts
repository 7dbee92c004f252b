import { FLAG, isSessionTerm, type EventTerm, type Filter, type StoredEvent, type StoredNode, type TextMatch } from '@groundtrack/db'

/** What is known of an event when a tail asks whether it matches. */
export interface Candidate {
  event: StoredEvent
  node: StoredNode | undefined
  /** The properties of its session, part by part; absent: not looked up. */
  properties?: readonly Record<string, unknown>[]
  /** Under way. */
  lookup?: Promise<void>
}

const SHORT_NAME = /-\d+$/

/** `properties`: it depends on the session's properties. `database`: it depends on what only the database knows. */
export type Verdict = boolean | 'properties' | 'database'

/**
 * Whether an event matches, as filterToSql would say, without asking the database. Where the two could differ – letters beyond ASCII,
 * numbers as text, terms about the whole session – it says that it can't tell.
 */
export function evaluate(filter: Filter, candidate: Candidate): Verdict {
  if ('all' in filter) return strongest(filter.all, candidate, false)
  if ('any' in filter) return strongest(filter.any, candidate, true)
  if ('not' in filter) return negate(evaluate(filter.not, candidate))
  if (!isSessionTerm(filter)) return eventTerm(filter, candidate)
  return filter.field === 'session' ? candidate.event.session === filter.session : 'database'
}

/** `decisive` settles it; else what can't be told, the database's before the properties'; else its opposite. */
function strongest(filters: readonly Filter[], candidate: Candidate, decisive: boolean): Verdict {
  let open: Verdict = !decisive
  for (const filter of filters) {
    const verdict = evaluate(filter, candidate)
    if (verdict === decisive) return decisive
    if (verdict === 'database' || (verdict === 'properties' && open !== 'database')) open = verdict
  }
  return open
}

function negate(verdict: Verdict): Verdict {
  return typeof verdict === 'boolean' ? !verdict : verdict
}

function eventTerm(term: EventTerm, { event, node, properties }: Candidate): Verdict {
  switch (term.field) {
    case 'message':
      return containsText(event.message, term.contains)
    case 'service':
    case 'version':
    case 'environment':
      return node ? matchText(node[term.field], term.match) : 'database'
    case 'node':
      return node ? matchNode(node, term.match) : 'database'
    case 'category':
      return matchText(event.category, term.match)
    case 'level':
      return event.level >= term.from && event.level < term.to
    case 'kind':
      return event.kind === term.code
    case 'status':
      return matchStatus(event.detail?.['status'], term.status)
    case 'span':
      return event.span === term.span
    case 'attribute':
      return attributeTerm(term, event, properties)
    default:
      return 'database'
  }
}

/** By what a node's row says here; its short name is known to the registry alone. */
function matchNode(node: StoredNode, match: TextMatch): Verdict {
  if ([node.node, node.host, node.address].some((text) => matchText(text, match))) return true
  return match !== 'present' && 'equals' in match && !SHORT_NAME.test(match.equals) ? false : 'database'
}

function matchStatus(status: unknown, wanted: string): Verdict {
  if (status === undefined || status === null) return false
  return typeof status === 'string' ? status === wanted : 'database'
}

function attributeTerm(term: Extract<EventTerm, { field: 'attribute' }>, event: StoredEvent, properties: Candidate['properties']): Verdict {
  const own = matchEntry(event.attributes, term)
  if (own !== false || (event.flags & FLAG.process) !== 0) return own
  if (properties === undefined) return 'properties'
  const verdicts = properties.map((part) => matchEntry(part, term))
  return verdicts.includes(true) ? true : verdicts.includes('database') ? 'database' : false
}

function matchEntry(entries: Record<string, unknown> | null, term: Extract<EventTerm, { field: 'attribute' }>): Verdict {
  if (entries === null || !Object.hasOwn(entries, term.name)) return false
  const value = entries[term.name]
  if ('compare' in term) {
    if (typeof value !== 'number') return false
    return isExact(value) && isExact(term.number) ? compare(value, term.compare, term.number) : 'database'
  }
  if (typeof value === 'string') return matchText(value, term.match)
  if (value === null) return false
  if (typeof value === 'boolean') return matchText(String(value), term.match)
  if (term.match === 'present') return true
  // The text of a number or an object is PostgreSQL's own; but a whole number is found by its value.
  if (typeof value === 'number' && term.number !== null && isExact(value) && isExact(term.number) && value === term.number) return true
  return 'database'
}

function matchText(text: string | null, match: TextMatch): boolean {
  if (match === 'present') return text !== null && text !== ''
  if (text === null) return false
  return 'equals' in match ? text === match.equals : text.startsWith(match.prefix)
}

/** ILIKE '%…%': whatever the case, which for letters beyond ASCII is the database's locale's to say. */
function containsText(text: string, contained: string): Verdict {
  if (foldAscii(text).includes(foldAscii(contained))) return true
  return isAscii(text) && isAscii(contained) ? false : 'database'
}

function foldAscii(text: string): string {
  return isAscii(text) ? text.toLowerCase() : text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

function isAscii(text: string): boolean {
  return !/\P{ASCII}/u.test(text)
}

/** A double that stands for just the number that was written. */
function isExact(number: number): boolean {
  return Number.isSafeInteger(number)
}

function compare(left: number, comparison: '<' | '<=' | '>' | '>=', right: number): boolean {
  switch (comparison) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
  }
}
