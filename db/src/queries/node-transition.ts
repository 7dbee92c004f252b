import type { Pool } from 'pg'
import type { Connection } from '../connection.js'
import { inTransaction } from '../transaction.js'

/** Any number that nobody else locks with; the project is the second key. */
const REGISTRY_LOCK = 4_318

/** A collector that stands still in the middle of it must not hold up the others for long. */
const SETTINGS = `SET LOCAL synchronous_commit TO off; SET LOCAL lock_timeout TO 3000; SET LOCAL idle_in_transaction_session_timeout TO 2000`

/**
 * Runs `work`, which changes states of nodes, in one transaction: one collector at a time, so that an address changes hands once.
 * The commit doesn't wait for the disk: what a crash of PostgreSQL could lose is told again by the next heartbeat.
 */
export async function inNodeTransition<T>(ingest: Pool, projectId: number, work: (client: Connection) => Promise<T>): Promise<T> {
  return inTransaction(ingest, async (client) => {
    await client.query(`${SETTINGS}; SELECT pg_advisory_xact_lock(${REGISTRY_LOCK}, ${Number(projectId)})`)
    return work(client)
  })
}
