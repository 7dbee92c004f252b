import { breakerColumns, breakerTables, isHeard, isOnBoard, isRecent, type StoredBreaker } from './breaker-rows.js'
import type { ProjectReader } from './project-reader.js'
import { sql, type Sql } from './sql.js'

export interface ListBreakers {
  /** Of the caller; null: all. */
  environment: string | null
  now: Date
  limit: number
  /** Where the page before ended. */
  after?: BreakerPosition
}

export interface BreakerPosition {
  rank: number
  id: string
}

export type ListedBreaker = StoredBreaker & BreakerPosition

/** What needs a look comes first: open, half open, unknown, closed. Codes of codes.ts. */
function rankOf(now: Date): Sql {
  return sql`(CASE WHEN NOT ${isHeard(now)} THEN 2 WHEN b.state = 1 THEN 0 WHEN b.state = 2 THEN 1 ELSE 3 END)`
}

/** Breakers whose caller and callee are there, or were within the last hour and nobody took their place. */
export async function listBreakers(reader: ProjectReader, { environment, now, limit, after }: ListBreakers): Promise<ListedBreaker[]> {
  return reader.query<ListedBreaker>(sql`
    SELECT ${rankOf(now)} AS rank, ${breakerColumns(now)}
      FROM ${breakerTables(reader.projectId)}
     WHERE ${isOf(reader.projectId, environment)} AND ${isOnBoard(now)}
       ${after ? sql`AND (${rankOf(now)}, b.breaker_id) > (${after.rank}::int, ${after.id}::uuid)` : sql``}
     ORDER BY rank, b.breaker_id
     LIMIT ${limit}`)
}

/** How many of them there are of each state that was reported last, heard of or not. */
export async function countBreakers(
  reader: ProjectReader,
  { environment, now }: Pick<ListBreakers, 'environment' | 'now'>,
): Promise<{ state: number; isHeard: boolean; breakers: number }[]> {
  return reader.query(sql`
    SELECT b.state, ${isHeard(now)} AS "isHeard", count(*)::int AS breakers
      FROM ${breakerTables(reader.projectId)}
     WHERE ${isOf(reader.projectId, environment)} AND ${isOnBoard(now)}
     GROUP BY 1, 2`)
}

/** Those in which the node (UUID) is the caller, and those in which it is called; at most 1,000. */
export async function listBreakersOfNode(reader: ProjectReader, node: string, now: Date): Promise<StoredBreaker[]> {
  const columns = sql`SELECT ${rankOf(now)} AS rank, ${breakerColumns(now)} FROM ${breakerTables(reader.projectId)}`
  const of = sql`b.project_id = ${reader.projectId} AND ${isRecent(now)}`
  const addresses = sql`SELECT o.address FROM node o WHERE o.project_id = ${reader.projectId} AND o.node_uuid = ${node}::uuid AND o.state IS NOT NULL`
  return reader.query<StoredBreaker>(sql`
    ${columns} WHERE ${of} AND n.node_uuid = ${node}::uuid
    UNION
    ${columns} WHERE ${of} AND (b.target_node = ${node}::uuid OR b.target_node IS NULL AND b.target_address IN (${addresses}))
    ORDER BY rank, id
    LIMIT 1000`)
}

/** One breaker (32 hex digits), however old. */
export async function readBreaker(reader: ProjectReader, id: string, now: Date): Promise<StoredBreaker | undefined> {
  const [breaker] = await reader.query<StoredBreaker>(
    sql`
    SELECT ${breakerColumns(now)}
      FROM ${breakerTables(reader.projectId)}
     WHERE b.project_id = ${reader.projectId} AND b.breaker_id = ${id}::uuid`,
    'read-breaker',
  )
  return breaker
}

function isOf(projectId: number, environment: string | null): Sql {
  return environment === null ? sql`b.project_id = ${projectId}` : sql`b.project_id = ${projectId} AND n.environment = ${environment}`
}
