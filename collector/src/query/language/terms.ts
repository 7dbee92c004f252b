import { BREAKER_STATES, KIND_CODE, LEVEL_CODE, LEVELS, STATUSES, type Filter, type TextMatch } from '@groundtrack/db'
import { parseSessionId } from '../session-id.js'

/** The expression doesn't parse; `at` counts UTF-16 code units from 0. */
export class QuerySyntaxError extends Error {
  readonly at: number

  constructor(at: number) {
    super(`syntax error at ${at}`)
    this.at = at
  }
}

export type Operator = '=' | '<' | '<=' | '>' | '>='

export interface RawTerm {
  field: string
  operator: Operator
  value: string
  isQuoted: boolean
  /** Where the term begins, and where its value does. */
  at: number
  valueAt: number
}

export const YES_NO = ['true', 'false'] as const
export const OUTCOMES = ['ok', 'failed', 'running', 'died', 'unknown'] as const

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const DURATION = /^(\d+(?:\.\d+)?)(us|µs|ms|s|m|h)?$/
const DURATION_MS: Readonly<Record<string, number>> = { us: 0.001, µs: 0.001, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
const ABOVE_ALL_LEVELS = 1_000

/** Words in a row, or a phrase: the message contains them. */
export function makeWords(text: string): Filter {
  return text === '' ? { all: [] } : { field: 'message', contains: text }
}

/** One `field:value`. Names that are no field of ours are attributes and session properties. */
export function makeTerm(term: RawTerm): Filter {
  const { field, value, valueAt } = term
  switch (field) {
    case 'service':
    case 'version':
    case 'environment':
    case 'category':
      return { field, match: readText(term) }
    case 'node':
      return { field, match: readText({ ...term, value: value.toLowerCase() }) }
    case 'message':
      return makeWords(readPlain(term))
    case 'level':
      return makeLevel(term)
    case 'kind':
      return { field, code: readCode(KIND_CODE, term) }
    case 'status':
      // Ours are words; a number is somebody's attribute, as of HTTP.
      return readNumber(term) === null ? { field, status: readOneOf(STATUSES, term) } : makeAttribute(term)
    case 'span':
      if (!/^(?!0{16})[0-9a-f]{16}$/.test(readPlain(term))) throw new QuerySyntaxError(valueAt)
      return { field, span: value }
    case 'session':
    case 'trace':
      return { field: 'session', session: parseSessionId(readPlain(term)) ?? fail(valueAt) }
    case 'name':
      return { field, match: readText(term) }
    case 'outcome':
      return { field, outcome: readOneOf(OUTCOMES, term) }
    case 'duration':
      return { field: 'durationMs', compare: term.operator, number: readDuration(term) }
    case 'missing':
      return { field, compare: term.operator, number: readNumber(term) ?? fail(valueAt) }
    case 'services': {
      const number = term.isQuoted ? null : readNumber(term)
      return number === null ? { field, match: readText(term) } : { field, compare: term.operator, number }
    }
    case 'breaker':
      return { field, state: readOneOf(BREAKER_STATES, term) }
    case 'over_budget':
      return { field: 'overBudget', is: readOneOf(YES_NO, term) === 'true' }
    default:
      return makeAttribute(term)
  }
}

function makeAttribute(term: RawTerm): Filter {
  const { field: name, operator, isQuoted, valueAt } = term
  const number = isQuoted ? null : readNumber(term)
  if (operator !== '=') return { field: 'attribute', name, compare: operator, number: number ?? fail(valueAt) }
  // Integers that a double can't hold are stored as their digits, and found by these.
  const isExact = number !== null && (!Number.isInteger(number) || Number.isSafeInteger(number))
  return { field: 'attribute', name, match: readText(term), number: isExact ? number : null }
}

/** A level names all severity numbers up to the next one. */
function makeLevel(term: RawTerm): Filter {
  const level = readOneOf(LEVELS, { ...term, value: term.value.toLowerCase(), operator: '=' })
  const from = LEVEL_CODE[level]
  const next = LEVELS[LEVELS.indexOf(level) + 1]
  const to = next ? LEVEL_CODE[next] : ABOVE_ALL_LEVELS
  const ranges = { '=': [from, to], '>=': [from, ABOVE_ALL_LEVELS], '>': [to, ABOVE_ALL_LEVELS], '<': [0, from], '<=': [0, to] } as const
  const [least, limit] = ranges[term.operator]
  return { field: 'level', from: least, to: limit }
}

function readText({ operator, value, isQuoted, valueAt }: RawTerm): TextMatch {
  if (operator !== '=') throw new QuerySyntaxError(valueAt)
  if (isQuoted || !value.endsWith('*')) return { equals: value }
  return value === '*' ? 'present' : { prefix: value.slice(0, -1) }
}

function readPlain({ operator, value, valueAt }: RawTerm): string {
  return operator === '=' ? value : fail(valueAt)
}

function readOneOf<Word extends string>(words: readonly Word[], term: RawTerm): Word {
  const value = readPlain(term)
  return words.find((word) => word === value) ?? fail(term.valueAt)
}

function readCode(codes: Readonly<Record<string, number>>, term: RawTerm): number {
  return codes[readOneOf(Object.keys(codes), term)] ?? fail(term.valueAt)
}

function readNumber({ value }: RawTerm): number | null {
  const number = NUMBER.test(value) ? Number(value) : NaN
  return Number.isFinite(number) ? number : null
}

/** Milliseconds; a number without a unit is milliseconds. */
function readDuration({ value, valueAt }: RawTerm): number {
  const [, number, unit = 'ms'] = DURATION.exec(value) ?? []
  return number === undefined ? fail(valueAt) : Number(number) * (DURATION_MS[unit] ?? 1)
}

function fail(at: number): never {
  throw new QuerySyntaxError(at)
}
