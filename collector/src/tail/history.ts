import {
  errorCode,
  isSessionTerm,
  searchByArrival,
  type Arrival,
  type Filter,
  type Frontier,
  type ProjectReader,
  type StoredEvent,
} from '@groundtrack/db'
import { placeOf } from './tail-cursor.js'

export interface History {
  filter: Filter
  now: () => number
  /** Only what was committed up to here: the rest is told live. */
  until: Frontier
  fromMicros: number
  /** What was told already. */
  after?: Arrival
}

const PAGE = 500
const FIRST_WINDOW_MICROS = 10_000_000
const QUICK_MS = 250
const SLOW_MS = 2_000
const STATEMENT_TIMEOUT = '57014'

/**
 * Matching events in the order of arrival, page by page; an empty page is a sign that it goes on looking. Looks through windows of time
 * that grow while they are quickly read and shrink when they are not, so that a long search is no long statement.
 */
export async function* readHistory(
  reader: ProjectReader,
  { filter, now, until, fromMicros, after }: History,
): AsyncGenerator<StoredEvent[]> {
  const endMicros = endOf(until)
  let size = isOfOneSession(filter) ? Infinity : FIRST_WINDOW_MICROS
  let from = after?.receivedMicros ?? fromMicros
  let told = after
  while (from < endMicros) {
    const toMicros = Math.min(from + size, endMicros)
    const startedMs = performance.now()
    let page: StoredEvent[]
    try {
      page = await searchByArrival(reader, {
        filter,
        now: new Date(now()),
        fromMicros: from,
        toMicros,
        ...(told && { after: told }),
        order: 'oldest first',
        limit: PAGE,
      })
    } catch (error) {
      if (errorCode(error) !== STATEMENT_TIMEOUT || size < 2) throw error
      size = Math.min(size, toMicros - from) / 8
      continue
    }
    yield page.filter((event) => isWithin(until, event))
    const last = page.at(-1)
    if (page.length === PAGE && last) {
      told = last
      from = last.receivedMicros
      continue
    }
    from = toMicros
    const tookMs = performance.now() - startedMs
    if (tookMs < QUICK_MS) size *= 4
    else if (tookMs > SLOW_MS) size /= 4
  }
}

/** The newest matching events, oldest first; looks back at most to `fromMicros`. */
export async function readLast(reader: ProjectReader, count: number, { filter, now, until, fromMicros }: History): Promise<StoredEvent[]> {
  const found: StoredEvent[] = []
  let size = isOfOneSession(filter) ? Infinity : FIRST_WINDOW_MICROS
  let to = endOf(until)
  while (found.length < count && to > fromMicros) {
    const from = Math.max(to - size, fromMicros)
    const limit = count - found.length
    const page = await searchByArrival(reader, {
      filter,
      now: new Date(now()),
      fromMicros: from,
      toMicros: to,
      order: 'newest first',
      limit,
    })
    found.push(...page.filter((event) => isWithin(until, event)))
    to = from
    size *= 4
  }
  return found.reverse()
}

function isWithin(until: Frontier, event: StoredEvent): boolean {
  const { writerId, flushNo } = placeOf(event)
  return flushNo <= (until.get(writerId)?.flushNo ?? 0)
}

/** Everything up to the frontier was received before that. */
function endOf(until: Frontier): number {
  return Math.max(0, ...[...until.values()].map(({ receivedMicros }) => receivedMicros)) + 1
}

/** Then an index finds all of it at once. */
function isOfOneSession(filter: Filter): boolean {
  if ('all' in filter) return filter.all.some(isOfOneSession)
  return !('any' in filter) && !('not' in filter) && isSessionTerm(filter) && filter.field === 'session'
}
