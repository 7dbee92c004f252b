import type { Pool } from 'pg'
import { SCHEMA } from './pool.js'

export interface Durability {
  /** `unsafe`: PostgreSQL's own settings let committed data be lost when the machine stops. */
  level: 'safe' | 'unsafe'
  /** The settings at fault, for example "fsync = off". */
  settings: string[]
}

/** Reads the settings on which the delivery contract stands. synchronous_commit is not among them: each flush sets it for itself. */
export async function readDurability(db: Pool): Promise<Durability> {
  const { rows } = await db.query<{ setting: string }>(
    `select name || ' = ' || setting as setting from pg_settings
      where name in ('fsync', 'full_page_writes') and setting = 'off' order by name`,
  )
  return { level: rows.length === 0 ? 'safe' : 'unsafe', settings: rows.map(({ setting }) => setting) }
}

/** Forgets the digests of requests received before `before`; answers how many. */
export async function dropRequestKeys(owner: Pool, before: Date): Promise<number> {
  const { rowCount } = await owner.query('delete from request_key where received_at < $1', [before])
  return rowCount ?? 0
}

/** Bytes on disk of everything in the schema, indexes included. */
export async function measureSize(owner: Pool): Promise<number> {
  const { rows } = await owner.query<{ bytes: string }>(
    `select coalesce(sum(pg_total_relation_size(oid)), 0)::text as bytes from pg_class where relnamespace = $1::regnamespace and relkind in ('r', 'm')`,
    [SCHEMA],
  )
  return Number(rows[0]?.bytes ?? 0)
}
