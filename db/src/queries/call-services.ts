import { breakerTables, isHeard, isOnBoard } from './breaker-rows.js'
import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

/** Nodes of a service in one state. */
export interface ServiceNodes {
  service: string
  state: 'up' | 'stale' | 'gone' | 'restarting' | 'unknown'
  nodes: number
}

/** Breakers of one service for another (or an address) that were last reported in one state. */
export interface TargetBreakers {
  caller: string
  target: string
  /** Code of codes.ts. */
  state: number
  isHeard: boolean
  breakers: number
}

export interface OfServices {
  environment: string | null
  now: Date
}

/** After a leave a successor is expected for that long. */
const RESTART = '1 minute'

/** Nodes by service and state: those that are there, and those that left or fell silent since `goneAfter`. */
export async function listServiceNodes(
  reader: ProjectReader,
  { environment, now, goneAfter }: OfServices & { goneAfter: Date },
): Promise<ServiceNodes[]> {
  return reader.query<ServiceNodes>(sql`
    SELECT n.service,
           CASE WHEN n.state IN ('up', 'stale') THEN n.state
                WHEN n.state IS NULL THEN 'unknown'
                WHEN n.left_at >= ${now}::timestamptz - ${RESTART}::interval AND n.successor IS NULL THEN 'restarting'
                ELSE 'gone' END AS state,
           count(*)::int AS nodes
      FROM node n
     WHERE n.project_id = ${reader.projectId} AND (${environment}::text IS NULL OR n.environment = ${environment})
       AND (n.state IN ('up', 'stale') OR greatest(n.state_at, n.left_at, n.seen_at, n.first_seen_at) >= ${goneAfter}::timestamptz)
       AND n.successor IS NULL
     GROUP BY 1, 2`)
}

/** Breakers by the services of their caller and their target; a target that nobody registered goes by its address. */
export async function countTargetBreakers(reader: ProjectReader, { environment, now }: OfServices): Promise<TargetBreakers[]> {
  return reader.query<TargetBreakers>(sql`
    SELECT n.service AS caller, coalesce(t.service, b.target_service, b.target_address, b.target_node::text) AS target,
           b.state, ${isHeard(now)} AS "isHeard", count(*)::int AS breakers
      FROM ${breakerTables(reader.projectId)}
     WHERE b.project_id = ${reader.projectId} AND (${environment}::text IS NULL OR n.environment = ${environment}) AND ${isOnBoard(now)}
     GROUP BY 1, 2, 3, 4`)
}
