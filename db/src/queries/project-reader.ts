import type { Pool } from 'pg'
import type { Sql } from './sql.js'

/** Reads of one project: every query below takes this handle, so none can forget the project. */
export interface ProjectReader {
  readonly projectId: number
  /** `name`: the text never changes, so the connection keeps it prepared. */
  query<Row>(statement: Sql, name?: string): Promise<Row[]>
}

export function openProjectReader(pool: Pool, projectId: number): ProjectReader {
  return {
    projectId,
    async query<Row>(statement: Sql, name?: string): Promise<Row[]> {
      const { rows } = await pool.query({ ...statement.build(), ...(name !== undefined && { name }) })
      return rows as Row[]
    },
  }
}
