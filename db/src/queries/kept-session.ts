import { createHash } from 'node:crypto'
import type { Queryable } from '../connection.js'
import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

/** Most sessions that a project can keep. */
export const MAX_KEPT_SESSIONS = 10_000

export interface KeptSession {
  projectId: number
  /** 32 hex digits. */
  session: string
}

/**
 * Keeps the session past retention; false where the project keeps as many as it may. Requests at the same instant don't see one
 * another, so they may pass the bound by as many as there are ingest connections.
 */
export async function keepSession(db: Queryable, { projectId, session }: KeptSession, at: Date): Promise<boolean> {
  const { rows } = await db.query<{ kept: boolean }>(
    `
    WITH added AS (
      INSERT INTO kept_session (project_id, session_id, kept_at)
      SELECT $1::int, $2::uuid, $3::timestamptz WHERE (SELECT count(*) FROM kept_session WHERE project_id = $1) < $4
          ON CONFLICT (project_id, session_id) DO NOTHING
      RETURNING 1)
    SELECT EXISTS (SELECT FROM added) OR EXISTS (SELECT FROM kept_session WHERE project_id = $1 AND session_id = $2) AS kept`,
    [projectId, session, at, MAX_KEPT_SESSIONS],
  )
  return rows[0]?.kept ?? false
}

/** Lets the session go with its days; nothing happens where it isn't kept. */
export async function releaseSession(db: Queryable, { projectId, session }: KeptSession): Promise<void> {
  await db.query('DELETE FROM kept_session WHERE project_id = $1 AND session_id = $2', [projectId, session])
}

/** Whether the session (32 hex digits) outlives retention. */
export async function isSessionKept(reader: ProjectReader, session: string): Promise<boolean> {
  const [row] = await reader.query<{ kept: boolean }>(
    sql`SELECT EXISTS (SELECT FROM kept_session WHERE project_id = ${reader.projectId} AND session_id = ${session}::uuid) AS kept`,
    'is-session-kept',
  )
  return row?.kept ?? false
}

/** Whether anything of the session is stored. */
export async function isSessionKnown(reader: ProjectReader, session: string): Promise<boolean> {
  const [row] = await reader.query<{ known: boolean }>(
    sql`SELECT EXISTS (SELECT FROM session_part WHERE session_id = ${session}::uuid AND project_id = ${reader.projectId} AND events > 0) AS known`,
    'is-session-known',
  )
  return row?.known ?? false
}

/** All sessions that are kept, as columns, and a digest that differs where they do. */
export interface KeptSessions {
  projectIds: number[]
  sessionIds: string[]
  digest: string
}

export async function listKeptSessions(owner: Queryable): Promise<KeptSessions> {
  const { rows } = await owner.query<{ project: number; session: string }>(
    'SELECT project_id AS project, session_id::text AS session FROM kept_session ORDER BY project_id, session_id',
  )
  const hash = createHash('sha256')
  for (const { project, session } of rows) hash.update(`${project} ${session}\n`)
  return {
    projectIds: rows.map(({ project }) => project),
    sessionIds: rows.map(({ session }) => session),
    digest: hash.digest('hex').slice(0, 32),
  }
}
