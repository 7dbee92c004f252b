import type { BreakerStateName } from '../codes.js'

/** A search, parsed: one tree, evaluated here as SQL. Event terms are about one event, session terms about its whole session. */
export type Filter = { all: Filter[] } | { any: Filter[] } | { not: Filter } | EventTerm | SessionTerm

export type TextMatch = { equals: string } | { prefix: string } | 'present'
export type Comparison = '=' | '<' | '<=' | '>' | '>='

export type EventTerm =
  /** The message contains the text, whatever its case (ASCII). */
  | { field: 'message'; contains: string }
  | { field: 'service' | 'version' | 'environment' | 'node' | 'category'; match: TextMatch }
  /** Severity numbers, `to` exclusive. */
  | { field: 'level'; from: number; to: number }
  /** Codes of codes.ts. */
  | { field: 'kind'; code: number }
  | { field: 'status'; status: string }
  /** 16 hex digits. */
  | { field: 'span'; span: string }
  /** An attribute of the event, or a property of its session. `number`: the same as a number, where it is one. */
  | { field: 'attribute'; name: string; match: TextMatch; number: number | null }
  | { field: 'attribute'; name: string; compare: Exclude<Comparison, '='>; number: number }

export type SessionTerm =
  /** 32 hex digits. */
  | { field: 'session'; session: string }
  | { field: 'name'; match: TextMatch }
  | { field: 'outcome'; outcome: string }
  | { field: 'durationMs' | 'missing' | 'services'; compare: Comparison; number: number }
  /** Some hop of the session belongs to the service. */
  | { field: 'services'; match: TextMatch }
  /** A breaker turned to that state in the session; open also where a call of it was cut. */
  | { field: 'breaker'; state: BreakerStateName }
  /** A hop ran for longer than it was given, or a call ended at its deadline. */
  | { field: 'overBudget'; is: boolean }

const SESSION_FIELDS: ReadonlySet<string> = new Set([
  'session',
  'name',
  'outcome',
  'durationMs',
  'missing',
  'services',
  'breaker',
  'overBudget',
])

export function isSessionTerm(term: EventTerm | SessionTerm): term is SessionTerm {
  return SESSION_FIELDS.has(term.field)
}

/** Every term of a filter. */
export function listTerms(filter: Filter): (EventTerm | SessionTerm)[] {
  if ('all' in filter) return filter.all.flatMap(listTerms)
  if ('any' in filter) return filter.any.flatMap(listTerms)
  return 'not' in filter ? listTerms(filter.not) : [filter]
}
