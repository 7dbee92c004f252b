import type { Pool, PoolClient } from 'pg'
import { attach, createApart, KEPT_MARK, listPartitions, type Partition } from './partitions.js'
import { SCHEMA } from './pool.js'
import { countOtherRows, hasRows, selectKeptRows, sumAbsences } from './queries/kept-rows.js'
import { listKeptSessions, type KeptSessions } from './queries/kept-session.js'
import { inTransaction, LOCK_TIMEOUT_MS, whenUnlocked } from './transaction.js'

/** One collector at a time. */
const ADVISORY_KEY = 7_241_866
/** On the old partition alone, where nobody waits behind us but a late insert or a vacuum. */
const OWN_LOCK_TIMEOUT_MS = 5_000
const BUILD_TIMEOUT_MS = 600_000

/**
 * Clears the partitions that hold only rows received before `before`: those without rows of kept sessions are dropped, of the others
 * these rows stay, alone. Answers the names of partitions that lost rows. Each partition is one transaction, so a run that was cut
 * short is completed by the next; one that finds another collector at it does nothing.
 */
export async function dropPartitions(owner: Pool, before: Date): Promise<string[]> {
  const kept = await listKeptSessions(owner)
  const cleared: string[] = []
  for (const partition of await listPartitions(owner)) {
    if (partition.to > before || partition.keptDigest === kept.digest) continue
    const outcome = await inTransaction(owner, (client) => clearPartition(client, partition, kept))
    if (outcome === 'busy') break
    if (outcome === 'cleared') cleared.push(partition.name)
  }
  return cleared
}

async function clearPartition(client: PoolClient, partition: Partition, kept: KeptSessions): Promise<'cleared' | 'unchanged' | 'busy'> {
  const { name, table, from, to, keptDigest } = partition
  if (!(await takeTurn(client))) return 'busy'
  if (!(await isThere(client, name))) return 'unchanged'
  // Reading goes on; a flush that began before midnight ends first.
  await client.query(`SET LOCAL lock_timeout = ${OWN_LOCK_TIMEOUT_MS}; LOCK TABLE ONLY ${SCHEMA}.${name} IN SHARE MODE`)
  if (table === 'absence') await sumAbsences(client, name, kept)

  const rows = selectKeptRows(partition)
  if (rows === null || !(await hasRows(client, rows, kept))) {
    await swap(client, `DROP TABLE ${SCHEMA}.${name}`)
    return 'cleared'
  }
  const mark = `COMMENT ON TABLE ${SCHEMA}.${name} IS '${KEPT_MARK}${kept.digest}'`
  if (keptDigest !== null && (await countOtherRows(client, partition, rows, kept)) === 0) {
    await client.query(mark)
    return 'unchanged'
  }
  const apart = `${name}_kept`
  await client.query(createApart(table, apart))
  await client.query(`INSERT INTO ${SCHEMA}.${apart} ${rows}`, [kept.projectIds, kept.sessionIds])
  // ATTACH believes the constraint instead of reading the rows while everybody waits.
  await client.query(`
    ALTER TABLE ${SCHEMA}.${apart} ADD CONSTRAINT kept_range CHECK (received_at >= '${from.toISOString()}' AND received_at < '${to.toISOString()}');
    ANALYZE ${SCHEMA}.${apart}`)
  await swap(
    client,
    `DROP TABLE ${SCHEMA}.${name};
     ALTER TABLE ${SCHEMA}.${apart} RENAME TO ${name};
     ${attach(table, name, from, to)};
     ALTER TABLE ${SCHEMA}.${name} DROP CONSTRAINT kept_range;
     ${mark}`,
  )
  return 'cleared'
}

async function takeTurn(client: PoolClient): Promise<boolean> {
  await client.query(`SET LOCAL statement_timeout = ${BUILD_TIMEOUT_MS}`)
  const { rows } = await client.query<{ turn: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS turn', [ADVISORY_KEY])
  return rows[0]?.turn ?? false
}

async function isThere(client: PoolClient, name: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_class WHERE relnamespace = $1::regnamespace AND relname = $2', [SCHEMA, name])
  return rowCount === 1
}

/** The part for which inserts and readers wait: milliseconds, whatever was built before. */
async function swap(client: PoolClient, statements: string): Promise<void> {
  await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}; SAVEPOINT swap`)
  await whenUnlocked(
    () => client.query(statements),
    () => client.query('ROLLBACK TO SAVEPOINT swap'),
  )
}
