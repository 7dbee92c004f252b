import { Type, type Static } from 'typebox'
import type { Filter } from '@groundtrack/db'
import { ApiError } from '../errors.js'
import { parseQuery } from './language/parse-query.js'
import { QuerySyntaxError } from './language/terms.js'
import { parseTime } from './time.js'

/** Parameters that every searching route takes. Numbers out of range are refused, limits above the greatest are clamped. */
export const SearchParameters = {
  q: Type.Optional(Type.String()),
  from: Type.Optional(Type.String({ maxLength: 64 })),
  to: Type.Optional(Type.String({ maxLength: 64 })),
}
export const PageParameters = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  cursor: Type.Optional(Type.String({ maxLength: 512 })),
}

const SearchQuery = Type.Object(SearchParameters)
export type SearchQuery = Static<typeof SearchQuery>

/** The search expression; throws query_syntax with its position. */
export function readFilter(q: string | undefined): Filter {
  try {
    return parseQuery(q ?? '')
  } catch (error) {
    if (error instanceof QuerySyntaxError) throw new ApiError('query_syntax', { at: error.at })
    throw error
  }
}

/** A time parameter, or null where there is none; throws bad_request. */
export function readTime(text: string | undefined, nowMs: number): Date | null {
  if (text === undefined || text === '') return null
  const time = parseTime(text, nowMs)
  if (!time) throw new ApiError('bad_request')
  return time
}

const DAY_MS = 86_400_000
const DEFAULT_RANGE_MS = 3_600_000

/** Both ends, by default the last hour; an open end reaches a day ahead, since clocks may run fast. */
export function readRange({ from, to }: SearchQuery, nowMs: number): { from: Date; to: Date } {
  const end = readTime(to, nowMs) ?? new Date(nowMs + DAY_MS)
  const start = readTime(from, nowMs) ?? new Date(Math.min(nowMs, end.getTime()) - DEFAULT_RANGE_MS)
  if (start > end) throw new ApiError('bad_request')
  return { from: start, to: end }
}

export function readLimit(limit: number | undefined, usual: number, greatest: number): number {
  return Math.min(limit ?? usual, greatest)
}
