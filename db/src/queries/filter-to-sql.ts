import { isSessionTerm, type EventTerm, type Filter, type SessionTerm, type TextMatch } from './filter.js'
import { isOverBudget, sawBreaker } from './session-troubles.js'
import { sessionFigures } from './session-figures.js'
import { allOf, anyOf, sql, type Sql } from './sql.js'

export interface FilterScope {
  projectId: number
  /** Presence is judged at this instant. */
  now: Date
  /** `figures`: the row of `sessionFigures` stands beside the event as `a`. `none`: it has to be looked up. */
  session: 'figures' | 'none'
  /** When the session's rows were received, where that is known: `to` exclusive. */
  received?: { from: Date; to: Date }
}

/**
 * The condition on an event `e` (or, for terms about node and level alone, on a row `e` of event_count) and its session.
 * Names and values become parameters; the columns are those written here.
 */
export function filterToSql(filter: Filter, scope: FilterScope): Sql {
  if ('all' in filter) return allOf(filter.all.map((inner) => filterToSql(inner, scope)))
  if ('any' in filter) return anyOf(filter.any.map((inner) => filterToSql(inner, scope)))
  if ('not' in filter) return sql`(NOT coalesce(${filterToSql(filter.not, scope)}, false))`
  if (!isSessionTerm(filter)) return eventTerm(filter, scope)
  if (filter.field === 'breaker' || filter.field === 'overBudget') return troubleTerm(filter, scope)
  if (scope.session === 'figures') return sessionTerm(filter)
  if (filter.field === 'session') return sql`e.session_id = ${filter.session}::uuid`
  return sql`EXISTS (SELECT FROM ${sessionFigures(sql`e.session_id`, scope)} a WHERE e.flags & 1 = 0 AND ${sessionTerm(filter)})`
}

function eventTerm(term: EventTerm, scope: FilterScope): Sql {
  switch (term.field) {
    case 'message':
      return sql`e.message ILIKE ${`%${escapeLike(term.contains)}%`}`
    case 'service':
    case 'version':
    case 'environment':
    case 'node':
      return sql`e.node_id IN (SELECT n.id FROM node n WHERE n.project_id = ${scope.projectId} AND ${nodeMatch(term.field, term.match)})`
    case 'category':
      return textMatch(sql`e.category`, term.match)
    case 'level':
      return sql`(e.level >= ${term.from}::int AND e.level < ${term.to}::int)`
    case 'kind':
      return sql`e.kind = ${term.code}::int`
    case 'status':
      return sql`e.detail->>'status' = ${term.status}`
    case 'span':
      return sql`e.span = ${BigInt.asIntN(64, BigInt(`0x${term.span}`)).toString()}::bigint`
    case 'attribute':
      return attributeTerm(term, scope)
  }
}

function nodeMatch(field: 'service' | 'version' | 'environment' | 'node', match: TextMatch): Sql {
  if (field === 'service') return textMatch(sql`n.service`, match)
  if (field === 'version') return textMatch(sql`n.version`, match)
  if (field === 'environment') return textMatch(sql`n.environment`, match)
  const names = [sql`n.node_uuid::text`, sql`n.host`, sql`n.address`, sql`(lower(n.service) || '-' || n.number)`]
  return anyOf(names.map((name) => textMatch(name, match)))
}

function attributeTerm(term: Extract<EventTerm, { field: 'attribute' }>, scope: FilterScope): Sql {
  const condition = (json: Sql) => sql`${json} ? ${term.name} AND ${valueMatch(json, term)}`
  const ofSession = sql`SELECT FROM session_part q
    WHERE q.session_id = e.session_id AND q.project_id = ${scope.projectId} AND ${condition(sql`q.properties`)}`
  return sql`((${condition(sql`e.attributes`)}) OR (e.flags & 1 = 0 AND EXISTS (${ofSession})))`
}

function valueMatch(json: Sql, term: Extract<EventTerm, { field: 'attribute' }>): Sql {
  const isNumber = sql`jsonb_typeof(${json}->${term.name}) = 'number'`
  const asNumber = sql`(CASE WHEN ${isNumber} THEN (${json}->>${term.name})::numeric END)`
  if ('compare' in term) return compare(asNumber, term.compare, sql`${String(term.number)}::numeric`)
  const asText = textMatch(sql`(${json}->>${term.name})`, term.match)
  return term.number === null ? asText : anyOf([asText, sql`${asNumber} = ${String(term.number)}::numeric`])
}

/** Needs no figures: the session's id will do. */
function troubleTerm(term: Extract<SessionTerm, { field: 'breaker' | 'overBudget' }>, { projectId, session, received }: FilterScope): Sql {
  const own = { id: session === 'figures' ? sql`a.session_id` : sql`e.session_id`, projectId, received }
  const holds = term.field === 'breaker' ? sawBreaker(own, term.state) : term.is ? isOverBudget(own) : sql`(NOT ${isOverBudget(own)})`
  return session === 'figures' ? holds : sql`(e.flags & 1 = 0 AND ${holds})`
}

function sessionTerm(term: Exclude<SessionTerm, { field: 'breaker' | 'overBudget' }>): Sql {
  switch (term.field) {
    case 'session':
      return sql`a.session_id = ${term.session}::uuid`
    case 'name':
      return textMatch(sql`a.name`, term.match)
    case 'outcome':
      return sql`a.outcome = ${term.outcome}`
    case 'durationMs':
      return compare(sql`a.duration_ms`, term.compare, sql`${term.number}::float8`)
    case 'missing':
      return compare(sql`a.missing`, term.compare, sql`${term.number}::float8`)
    case 'services':
      if ('compare' in term) return compare(sql`cardinality(a.services)`, term.compare, sql`${term.number}::float8`)
      return sql`EXISTS (SELECT FROM unnest(a.services) AS s(service) WHERE ${textMatch(sql`s.service`, term.match)})`
  }
}

function textMatch(column: Sql, match: TextMatch): Sql {
  if (match === 'present') return sql`coalesce(${column}, '') <> ''`
  return 'equals' in match ? sql`${column} = ${match.equals}` : sql`${column} LIKE ${`${escapeLike(match.prefix)}%`}`
}

function compare(left: Sql, comparison: '=' | '<' | '<=' | '>' | '>=', right: Sql): Sql {
  switch (comparison) {
    case '=':
      return sql`${left} = ${right}`
    case '<':
      return sql`${left} < ${right}`
    case '<=':
      return sql`${left} <= ${right}`
    case '>':
      return sql`${left} > ${right}`
    case '>=':
      return sql`${left} >= ${right}`
  }
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&')
}
