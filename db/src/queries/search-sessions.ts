import { isSessionTerm, listTerms, type Filter } from './filter.js'
import { filterToSql } from './filter-to-sql.js'
import type { ProjectReader } from './project-reader.js'
import { sessionFigures } from './session-figures.js'
import { isStart } from './session-start.js'
import { allOf, sql, type Sql } from './sql.js'

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

/**
 * Sessions that started before `to` and have events after `from`, by start newest first, or by duration or errors, greatest first;
 * pages by keyset. By start the walk goes down the index on first_time and stops when the page is full, so it costs the same in a
 * large table.
 */
export async function searchSessions(reader: ProjectReader, search: SearchSessions): Promise<SessionKey[]> {
  if (search.sort !== 'start') return reader.query<SessionKey>(sortedByFigure(reader, search))
  const started = await reader.query<SessionKey>(startedInRange(reader, search))
  if (started.length === search.limit) return started
  const before = await reader.query<SessionKey>(startedBefore(reader, { ...search, limit: search.limit - started.length }))
  return [...started, ...before]
}

const MICROS = sql`(extract(epoch FROM s.started) * 1000000)::float8 AS value, replace(s.session_id::text, '-', '') AS session`

/** Each session stands at the part that it starts with; its others are passed over. */
function startedInRange(reader: ProjectReader, search: SearchSessions): Sql {
  return sql`
    SELECT ${MICROS}
      FROM (SELECT p.session_id, p.first_time AS started
              FROM session_part p
             WHERE p.project_id = ${reader.projectId} AND p.first_time >= ${search.from}::timestamptz AND p.first_time < ${search.to}::timestamptz
               AND ${isStart(reader.projectId)} ${cursor(search)}) s
      ${figures(reader, search)}
     WHERE ${condition(reader, search)}
     ORDER BY s.started DESC, s.session_id DESC
     LIMIT ${search.limit}`
}

/** LIMIT keeps the parts from being walked by time, which would be all that is stored from before the range. */
function startedBefore(reader: ProjectReader, search: SearchSessions): Sql {
  return sql`
    SELECT ${MICROS}
      FROM (SELECT r.session_id, b.started
              FROM (${overlapping(reader, search)}) r
             CROSS JOIN LATERAL (SELECT p.first_time AS started
                                   FROM session_part p
                                  WHERE p.session_id = r.session_id AND p.project_id = ${reader.projectId} AND p.first_time < ${search.from}::timestamptz
                                    AND ${isStart(reader.projectId)} ${cursor(search)}
                                  LIMIT 1) b) s
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
     WHERE NOT ${startedLater(reader, search)} AND ${condition(reader, search)} ${after}
     ORDER BY value DESC, s.session_id DESC
     LIMIT ${search.limit}`
}

function overlapping(reader: ProjectReader, search: SearchSessions): Sql {
  return sql`
    SELECT DISTINCT o.session_id
      FROM session_part o
     WHERE o.project_id = ${reader.projectId} AND o.events > 0
       AND o.first_time >= ${search.from}::timestamptz - ${LOOK_BACK}::interval AND o.first_time < ${search.to}::timestamptz
       AND o.last_time >= ${search.from}::timestamptz`
}

/** Where one clock puts a session into the range, but its own start lies behind it. */
function startedLater(reader: ProjectReader, { to }: SearchSessions): Sql {
  return sql`EXISTS (SELECT FROM session_part p
                      WHERE p.session_id = s.session_id AND p.project_id = ${reader.projectId} AND p.first_time >= ${to}::timestamptz
                        AND ${isStart(reader.projectId)})`
}

function cursor({ after }: SearchSessions): Sql {
  if (!after) return sql``
  const start = sql`timestamptz 'epoch' + ${after.value}::float8 * interval '1 microsecond'`
  return sql`AND p.first_time <= ${start} AND (p.first_time, p.session_id) < (${start}, ${after.session}::uuid)`
}

function figures(reader: ProjectReader, search: SearchSessions): Sql {
  if (!listTerms(search.filter).some(isSessionTerm)) return sql`CROSS JOIN LATERAL (SELECT s.session_id) a`
  return sql`CROSS JOIN LATERAL ${sessionFigures(sql`s.session_id`, { projectId: reader.projectId, now: search.now })} a`
}

const NODE_FIELDS: ReadonlySet<string> = new Set(['service', 'node', 'version', 'environment'])

/**
 * Terms about the session alone are judged by its figures; for the others one event must satisfy them all. Where they ask for
 * its node only, the parts know, and `event` is not read.
 */
function condition(reader: ProjectReader, { filter, from, to, now }: SearchSessions): Sql {
  const scope = { projectId: reader.projectId, now, session: 'figures' } as const
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
