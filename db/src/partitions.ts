import type { Pool, PoolClient } from 'pg'
import { errorCode } from './errors.js'
import { SCHEMA } from './pool.js'

/** Dropped in this order: what lists sessions goes before what they consist of. */
const PARTITIONED = ['session_part', 'event_count', 'absence', 'event', 'flush'] as const

const DAY_MS = 86_400_000
/** Ingest waits behind a waiting lock, so the wait is short and the caller comes again. */
const LOCK_TIMEOUT_MS = 500
const ATTEMPTS = 10
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

/** Drops the partitions that hold only rows received before `before`; answers their names. */
export async function dropPartitions(owner: Pool, before: Date): Promise<string[]> {
  const dropped: string[] = []
  for (const { name, to } of await listPartitions(owner)) {
    if (to > before) continue
    if (await inShortTransaction(owner, (client) => dropPartition(client, name))) dropped.push(name)
  }
  return dropped
}

export interface Partition {
  name: string
  table: string
  from: Date
  to: Date
}

/** All daily partitions, in the order in which they may be dropped. */
export async function listPartitions(owner: Pool): Promise<Partition[]> {
  const { rows } = await owner.query<Partition>(
    `select child.relname as name, parent.relname as table,
            substring(pg_get_expr(child.relpartbound, child.oid) from 'FROM \\(''([^'']+)''\\)')::timestamptz as from,
            substring(pg_get_expr(child.relpartbound, child.oid) from 'TO \\(''([^'']+)''\\)')::timestamptz as to
       from pg_inherits
       join pg_class child on child.oid = inhrelid
       join pg_class parent on parent.oid = inhparent
      where parent.relnamespace = $1::regnamespace and parent.relname = any($2)
      order by "from", array_position($2, parent.relname::text)`,
    [SCHEMA, PARTITIONED],
  )
  return rows
}

function startOfDay(time: Date): number {
  return Math.floor(time.getTime() / DAY_MS) * DAY_MS
}

/** Runs `work` under a lock shared by all collectors; a wait that is too long is tried again. */
async function inShortTransaction(owner: Pool, work: (client: PoolClient) => Promise<boolean>): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const client = await owner.connect()
    try {
      await client.query(`BEGIN; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}; SET LOCAL statement_timeout = 30000`)
      await client.query('select pg_advisory_xact_lock($1)', [ADVISORY_KEY])
      const done = await work(client)
      await client.query('COMMIT')
      client.release()
      return done
    } catch (error) {
      await client.query('ROLLBACK').then(
        () => client.release(),
        (broken: Error) => client.release(broken),
      )
      if (errorCode(error) !== '55P03' || attempt === ATTEMPTS) throw error
    }
  }
}

// ATTACH takes a lock that inserts don't mind; CREATE … PARTITION OF would stop them. Constants only become SQL text.
async function createPartition(client: PoolClient, table: string, name: string, from: Date): Promise<boolean> {
  if (await exists(client, name)) return false
  const to = new Date(from.getTime() + DAY_MS)
  await client.query(`
    CREATE TABLE ${SCHEMA}.${name} (LIKE ${SCHEMA}.${table} INCLUDING ALL);
    ALTER TABLE ${SCHEMA}.${name} REPLICA IDENTITY FULL;
    ALTER TABLE ${SCHEMA}.${table} ATTACH PARTITION ${SCHEMA}.${name} FOR VALUES FROM ('${from.toISOString()}') TO ('${to.toISOString()}')`)
  return true
}

async function dropPartition(client: PoolClient, name: string): Promise<boolean> {
  if (!(await exists(client, name))) return false
  await client.query(`DROP TABLE ${SCHEMA}.${name}`)
  return true
}

async function exists(client: PoolClient, name: string): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_class where relnamespace = $1::regnamespace and relname = $2', [SCHEMA, name])
  return rowCount === 1
}
