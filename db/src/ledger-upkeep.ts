import type { Pool } from 'pg'
import { inTransaction } from './transaction.js'

/** One collector at a time. */
const ADVISORY_KEY = 7_241_867
/** Producers looked at in one transaction. */
const CHUNK = 500
const STATEMENT_TIMEOUT_MS = 600_000

interface ProducerKey {
  projectId: number
  producer: string
  epoch: number
}

/**
 * Makes one range of the ledger's ranges that follow one another without a hole and were received before `before`; answers how many
 * rows went. What lies in such a range is a duplicate from then on, whatever its bytes. Ingest goes on meanwhile. Cost: one pass over
 * the ledger in the order of its key.
 */
export async function mergeLedger(owner: Pool, before: Date): Promise<number> {
  let merged = 0
  for (let after: ProducerKey | null | undefined = null; after !== undefined;) {
    const chunk = await mergeChunk(owner, before, after)
    merged += chunk.merged
    after = chunk.last
  }
  return merged
}

/** `last`: where the next chunk goes on; undefined at the end, or where another collector is at it. */
async function mergeChunk(
  owner: Pool,
  before: Date,
  after: ProducerKey | null,
): Promise<{ merged: number; last: ProducerKey | undefined }> {
  return inTransaction(owner, async (client) => {
    await client.query(`SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`)
    const turn = await client.query<{ turn: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS turn', [ADVISORY_KEY])
    if (!turn.rows[0]?.turn) return { merged: 0, last: undefined }

    const { rows: keys } = await client.query<ProducerKey>(
      `SELECT project_id AS "projectId", producer, epoch FROM producer
        WHERE $1::int IS NULL OR (project_id, producer, epoch) > ($1, $2::uuid, $3::int)
        ORDER BY project_id, producer, epoch LIMIT ${CHUNK}`,
      [after?.projectId ?? null, after?.producer ?? null, after?.epoch ?? null],
    )
    const { rows } = await client.query<{ merged: number }>(
      `
      WITH old AS (
        SELECT batch.project_id, batch.producer, batch.epoch, batch.first, batch.last, batch.received_at,
               batch.first = lag(batch.last) OVER in_order + 1 AS follows
          FROM unnest($1::int[], $2::uuid[], $3::int[]) AS own (project_id, producer, epoch)
          JOIN batch USING (project_id, producer, epoch)
         WHERE batch.received_at < $4
        WINDOW in_order AS (PARTITION BY batch.project_id, batch.producer, batch.epoch ORDER BY batch.first)),
      numbered AS (
        SELECT *, count(*) FILTER (WHERE follows IS NOT TRUE) OVER (PARTITION BY project_id, producer, epoch ORDER BY first) AS run FROM old),
      runs AS (
        SELECT project_id, producer, epoch, first, min(first) OVER run AS run_first, max(last) OVER run AS run_last,
               max(received_at) OVER run AS run_received_at, count(*) OVER run AS ranges
          FROM numbered WINDOW run AS (PARTITION BY project_id, producer, epoch, run)),
      gone AS (
        DELETE FROM batch USING runs
         WHERE (batch.project_id, batch.producer, batch.epoch, batch.first) = (runs.project_id, runs.producer, runs.epoch, runs.first)
           AND runs.first > runs.run_first
        RETURNING 1),
      grown AS (
        UPDATE batch SET last = runs.run_last, digest = NULL, received_at = runs.run_received_at
          FROM runs
         WHERE (batch.project_id, batch.producer, batch.epoch, batch.first) = (runs.project_id, runs.producer, runs.epoch, runs.first)
           AND runs.first = runs.run_first AND runs.ranges > 1)
      SELECT count(*)::int AS merged FROM gone`,
      [keys.map(({ projectId }) => projectId), keys.map(({ producer }) => producer), keys.map(({ epoch }) => epoch), before],
    )
    return { merged: rows[0]?.merged ?? 0, last: keys.length < CHUNK ? undefined : keys.at(-1) }
  })
}

/**
 * Forgets producers that were silent since before `before`, with their ranges; answers how many. A producer goes as a whole: without
 * its oldest ranges it would seem to have lost them.
 */
export async function forgetProducers(owner: Pool, before: Date): Promise<number> {
  return inTransaction(owner, async (client) => {
    await client.query(`SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`)
    // The producers' rows first, as ingest does: one that speaks again this instant is waited for, and stays.
    const { rows } = await client.query<{ forgotten: number }>(
      `
      WITH silent AS (DELETE FROM producer WHERE seen_at < $1 RETURNING project_id, producer, epoch),
           ranges AS (DELETE FROM batch USING silent
                       WHERE (batch.project_id, batch.producer, batch.epoch) = (silent.project_id, silent.producer, silent.epoch)),
           sums AS (DELETE FROM absence_sum USING silent
                     WHERE (absence_sum.project_id, absence_sum.producer, absence_sum.epoch)
                         = (silent.project_id, silent.producer, silent.epoch))
      SELECT count(*)::int AS forgotten FROM silent`,
      [before],
    )
    return rows[0]?.forgotten ?? 0
  })
}
