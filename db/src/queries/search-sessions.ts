import { isSessionTerm, listTerms, type EventTerm, type Filter, type SessionTerm } from './filter.js'
import { filterToSql } from './filter-to-sql.js'
import type { ProjectReader } from './project-reader.js'
import { sessionFigures } from './session-figures.js'
import { sessionsWithBreaker } from './session-troubles.js'
import { sessionStart } from './session-start.js'
import { allOf, instant, sql, type Sql } from './sql.js'

export type SessionSort = 'start' | 'duration' | 'errors'

export interface SearchSessions {
  /** `to` exclusive. Starts are those of the root's clock. */
  from: Date
  to: Date
  filter: Filter
  /** Presence is judged at this instant. */
  now: Date
  sort: SessionSort
  limit: number
  /** Key of the last session of the page before. */
  after?: SessionKey
}

/** What a page ends with: the value sorted by (microseconds, milliseconds or errors) and the session, 32 hex. */
export interface SessionKey {
  value: number
  session: string
}

/** A long session that began before the range is found by any part in it; one whose only such part began still earlier than this is not. */
const LOOK_BACK = '1 hour'
const LOOK_BACK_MS = 3_600_000
/** No clock is further ahead than that. */
const DAY_MS = 86_400_000

/** Parts of the first window for each session wanted, and how many times as many each next window takes. */
const PARTS_A_SESSION = 8
const GROWTH = 8

/**
 * Sessions that started before `to` and have events after `from`, by start newest first, or by duration or errors, greatest first;
 * pages by keyset. By start the walk goes down the index on first_time in windows, each larger than the one before, and stops when
 * the page is full, so it costs the same in a large table.
 */
export async function searchSessions(reader: ProjectReader, search: SearchSessions): Promise<SessionKey[]> {
  if (search.sort !== 'start') return reader.query<SessionKey>(sortedByFigure(reader, search))
  const found: SessionKey[] = []
  let window: Window = { parts: PARTS_A_SESSION * search.limit, toMicros: search.to.getTime() * 1_000 }
  for (;;) {
    const rest = { ...search, limit: search.limit - found.length }
    const rows = await reader.query<WindowRow>(startedInWindow(reader, rest, window))
    for (const { value, session } of rows) if (value !== null && session !== null) found.push({ value, session })
    const { parts = 0, lowMicros = null } = rows[0] ?? {}
    if (found.length === search.limit) return found
    if (lowMicros === null || parts < window.parts) break
    window = { parts: window.parts * GROWTH, toMicros: lowMicros }
  }
  const before = await reader.query<SessionKey>(startedBefore(reader, { ...search, limit: search.limit - found.length }))
  return [...found, ...before]
}

/** The last `parts` parts that began before `toMicros` (exclusive), and those that began at the same time as the first of them. */
interface Window {
  parts: number
  toMicros: number
}

/** The window's own figures stand in each row; there is one row, without a session, where it has none. */
interface WindowRow {
  parts: number
  lowMicros: number | null
  value: number | null
  session: string | null
}

const MICROS = sql`(extract(epoch FROM s.started) * 1000000)::float8 AS value, replace(s.session_id::text, '-', '') AS session`

/**
 * A session starts with one of its parts, so each that starts within the window has a part in it: none is in two windows, and
 * none between them. A session's parts are read once a window, however many of them are in it.
 */
function startedInWindow(reader: ProjectReader, search: SearchSessions, { parts, toMicros }: Window): Sql {
  const latest = search.after ? sql`AND p.first_time <= ${instant(search.after.value)}` : sql``
  return sql`
    WITH passed AS MATERIALIZED (
      SELECT p.session_id, p.first_time
        FROM session_part p
       WHERE p.project_id = ${reader.projectId} AND p.events > 0
         AND p.first_time >= ${search.from}::timestamptz AND p.first_time < ${instant(toMicros)} ${latest} ${narrow(sql`p.session_id`, reader, search)}
       ORDER BY p.first_time DESC
       FETCH FIRST ${parts} ROWS WITH TIES),
    bounds AS (SELECT count(*)::int AS parts, min(first_time) AS low FROM passed)
    SELECT b.parts, (extract(epoch FROM b.low) * 1000000)::float8 AS "lowMicros", f.value, f.session
      FROM bounds b
      LEFT JOIN (
        SELECT ${MICROS}, s.started, s.session_id
          FROM (SELECT p.session_id, k.first_time AS started
                  FROM (SELECT DISTINCT session_id FROM passed) p
                 CROSS JOIN LATERAL ${sessionStart(sql`p.session_id`, reader.projectId)} k
                 WHERE k.first_time >= (SELECT low FROM bounds) AND k.first_time < ${instant(toMicros)} ${cursor(search)}) s
          ${figures(reader, search)}
         WHERE ${condition(reader, search)}
         ORDER BY s.started DESC, s.session_id DESC
         LIMIT ${search.limit}) f ON true
     ORDER BY f.started DESC, f.session_id DESC`
}

function startedBefore(reader: ProjectReader, search: SearchSessions): Sql {
  return sql`
    SELECT ${MICROS}
      FROM (SELECT p.session_id, k.first_time AS started
              FROM (${overlapping(reader, search)}) p
             CROSS JOIN LATERAL ${sessionStart(sql`p.session_id`, reader.projectId)} k
             WHERE k.first_time < ${search.from}::timestamptz ${cursor(search)}) s
      ${figures(reader, search)}
     WHERE ${condition(reader, search)}
     ORDER BY s.started DESC, s.session_id DESC
     LIMIT ${search.limit}`
}

function sortedByFigure(reader: ProjectReader, search: SearchSessions): Sql {
  const value = search.sort === 'duration' ? sql`a.duration_ms` : sql`a.errors::float8`
  const after = search.after ? sql`AND (${value}, s.session_id) < (${search.after.value}::float8, ${search.after.session}::uuid)` : sql``
  return sql`
    SELECT ${value} AS value, replace(s.session_id::text, '-', '') AS session
      FROM (${overlapping(reader, search)}) s
     CROSS JOIN LATERAL ${sessionFigures(sql`s.session_id`, { projectId: reader.projectId, now: search.now })} a
     CROSS JOIN LATERAL ${sessionStart(sql`s.session_id`, reader.projectId)} k
     WHERE k.first_time < ${search.to}::timestamptz AND ${condition(reader, search)} ${after}
     ORDER BY value DESC, s.session_id DESC
     LIMIT ${search.limit}`
}

function overlapping(reader: ProjectReader, search: SearchSessions): Sql {
  return sql`
    SELECT DISTINCT o.session_id
      FROM session_part o
     WHERE o.project_id = ${reader.projectId} AND o.events > 0
       AND o.first_time >= ${search.from}::timestamptz - ${LOOK_BACK}::interval AND o.first_time < ${search.to}::timestamptz
       AND o.last_time >= ${search.from}::timestamptz ${narrow(sql`o.session_id`, reader, search)}`
}

/** Where the search asks for breakers, only the sessions that saw one are looked at. */
function narrow(sessionId: Sql, reader: ProjectReader, { filter, from }: SearchSessions): Sql {
  const conjuncts = 'all' in filter ? filter.all : [filter]
  for (const term of conjuncts)
    if ('field' in term && term.field === 'breaker')
      return sql`AND ${sessionId} IN (${sessionsWithBreaker(term.state, reader.projectId, new Date(from.getTime() - LOOK_BACK_MS))})`
  return sql``
}

function cursor({ after }: SearchSessions): Sql {
  return after ? sql`AND (k.first_time, p.session_id) < (${instant(after.value)}, ${after.session}::uuid)` : sql``
}

function figures(reader: ProjectReader, search: SearchSessions): Sql {
  if (!listTerms(search.filter).some(needsFigures)) return sql`CROSS JOIN LATERAL (SELECT s.session_id) a`
  return sql`CROSS JOIN LATERAL ${sessionFigures(sql`s.session_id`, { projectId: reader.projectId, now: search.now })} a`
}

/** Some terms about a session are found by its id alone. */
function needsFigures(term: EventTerm | SessionTerm): boolean {
  return isSessionTerm(term) && term.field !== 'breaker' && term.field !== 'overBudget' && term.field !== 'session'
}

const NODE_FIELDS: ReadonlySet<string> = new Set(['service', 'node', 'version', 'environment'])

/**
 * Terms about the session alone are judged by its figures; for the others one event must satisfy them all. Where they ask for
 * its node only, the parts know, and `event` is not read.
 */
function condition(reader: ProjectReader, { filter, from, to, now }: SearchSessions): Sql {
  const received = { from: new Date(from.getTime() - LOOK_BACK_MS - DAY_MS), to: new Date(now.getTime() + DAY_MS) }
  const scope = { projectId: reader.projectId, now, session: 'figures', received } as const
  const conjuncts = 'all' in filter ? filter.all : [filter]
  const isOfSession = (conjunct: Filter) => listTerms(conjunct).every(isSessionTerm)
  const isOfNode = (conjunct: Filter) => listTerms(conjunct).every((term) => isSessionTerm(term) || NODE_FIELDS.has(term.field))
  const ofSession = conjuncts.filter(isOfSession).map((conjunct) => filterToSql(conjunct, scope))
  const rest = conjuncts.filter((conjunct) => !isOfSession(conjunct))
  if (rest.length === 0) return allOf(ofSession)
  const ofEvent = allOf(rest.map((conjunct) => filterToSql(conjunct, scope)))
  const own = sql`e.session_id = s.session_id AND e.project_id = ${reader.projectId}`
  const table = rest.every(isOfNode)
    ? sql`session_part e WHERE ${own} AND e.events > 0 AND e.last_time >= ${from}::timestamptz AND e.first_time < ${to}::timestamptz`
    : sql`event e WHERE ${own} AND e.time >= ${from}::timestamptz AND e.time < ${to}::timestamptz AND e.flags & 1 = 0`
  return allOf([...ofSession, sql`EXISTS (SELECT FROM ${table} AND ${ofEvent})`])
}
