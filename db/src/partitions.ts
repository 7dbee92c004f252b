import type { Pool, PoolClient } from 'pg'
import type { Queryable } from './connection.js'
import { SCHEMA } from './pool.js'
import { inTransaction, LOCK_TIMEOUT_MS, whenUnlocked } from './transaction.js'

/** Dropped in this order: what lists sessions goes before what they consist of. */
const PARTITIONED = ['session_part', 'event_count', 'absence', 'breaker_change', 'call_failure', 'call_count', 'event', 'flush'] as const
export type PartitionedTable = (typeof PARTITIONED)[number]

const DAY_MS = 86_400_000
const ADVISORY_KEY = 7_241_865

/**
 * Makes the daily UTC partitions from `now`'s day to `daysAhead` days later where they are missing, each in its own short
 * transaction; answers the names made. Several collectors may call it at once. A new partition is attached, so ingest never waits.
 */
export async function ensurePartitions(owner: Pool, now: Date, daysAhead = 7): Promise<string[]> {
  const existing = new Set((await listPartitions(owner)).map((partition) => partition.name))
  const made: string[] = []
  for (let day = 0; day <= daysAhead; day++) {
    const from = new Date(startOfDay(now) + day * DAY_MS)
    for (const table of PARTITIONED) {
      const name = `${table}_${from.toISOString().slice(0, 10).replaceAll('-', '')}`
      if (existing.has(name)) continue
      if (await inShortTransaction(owner, (client) => createPartition(client, table, name, from))) made.push(name)
    }
  }
  return made
}

export interface Partition {
  name: string
  table: PartitionedTable
  from: Date
  to: Date
  /** Where only rows of kept sessions are left: which sessions were kept then (see retention). Else null. */
  keptDigest: string | null
}

/** Stands in the comment of a partition that retention has been through, before the digest. */
export const KEPT_MARK = 'rows of kept sessions only: '

/** All daily partitions, in the order in which they may be dropped; none that somebody else drops or replaces this instant. */
export async function listPartitions(owner: Queryable): Promise<Partition[]> {
  const { rows } = await owner.query<Partition>(
    // The bounds of a partition that is dropped while the catalog is read are null.
    `select name, "table", "from", "to", "keptDigest"
       from (select child.relname as name, parent.relname as table,
                    substring(pg_get_expr(child.relpartbound, child.oid) from 'FROM \\(''([^'']+)''\\)')::timestamptz as from,
                    substring(pg_get_expr(child.relpartbound, child.oid) from 'TO \\(''([^'']+)''\\)')::timestamptz as to,
                    substring(obj_description(child.oid, 'pg_class') from '^${KEPT_MARK}(.*)$') as "keptDigest"
               from pg_inherits
               join pg_class child on child.oid = inhrelid
               join pg_class parent on parent.oid = inhparent
              where parent.relnamespace = $1::regnamespace and parent.relname = any($2)
             offset 0) as partition
      where "from" is not null and "to" is not null
      order by "from", array_position($2, "table"::text)`,
    [SCHEMA, PARTITIONED],
  )
  return rows
}

function startOfDay(time: Date): number {
  return Math.floor(time.getTime() / DAY_MS) * DAY_MS
}

/** Runs `work` under a lock shared by all collectors; a wait that is too long is tried again. */
async function inShortTransaction(owner: Pool, work: (client: PoolClient) => Promise<boolean>): Promise<boolean> {
  return whenUnlocked(() =>
    inTransaction(owner, async (client) => {
      await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}; SET LOCAL statement_timeout = 30000`)
      await client.query('select pg_advisory_xact_lock($1)', [ADVISORY_KEY])
      return work(client)
    }),
  )
}

// ATTACH takes a lock that inserts don't mind; CREATE … PARTITION OF would stop them. Constants only become SQL text.
async function createPartition(client: PoolClient, table: PartitionedTable, name: string, from: Date): Promise<boolean> {
  if (await exists(client, name)) return false
  await client.query(`${createApart(table, name)}; ${attach(table, name, from, new Date(from.getTime() + DAY_MS))}`)
  return true
}

/** A table that can become a partition. */
export function createApart(table: PartitionedTable, name: string): string {
  return `CREATE TABLE ${SCHEMA}.${name} (LIKE ${SCHEMA}.${table} INCLUDING ALL); ALTER TABLE ${SCHEMA}.${name} REPLICA IDENTITY FULL`
}

export function attach(table: PartitionedTable, name: string, from: Date, to: Date): string {
  return `ALTER TABLE ${SCHEMA}.${table} ATTACH PARTITION ${SCHEMA}.${name} FOR VALUES FROM ('${from.toISOString()}') TO ('${to.toISOString()}')`
}

async function exists(client: PoolClient, name: string): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_class where relnamespace = $1::regnamespace and relname = $2', [SCHEMA, name])
  return rowCount === 1
}
