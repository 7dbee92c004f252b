import { setTimeout as delay } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { errorCode } from './errors.js'

/** Ingest waits behind a waiting lock, so the wait is short and the caller comes again. */
export const LOCK_TIMEOUT_MS = 500
const ATTEMPTS = 10
/** Lets those pass who waited behind us. */
const PAUSE_MS = 100

const LOCK_NOT_AVAILABLE = '55P03'

/** Runs `work` in one transaction; it commits unless `work` throws. */
export async function inTransaction<T>(owner: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await owner.connect()
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    client.release()
    return result
  } catch (error) {
    await client.query('ROLLBACK').then(
      () => client.release(),
      (broken: Error) => client.release(broken),
    )
    throw error
  }
}

/** Runs `work` again, at most ten times, where a lock could not be had in time. `recover` undoes what it had done. */
export async function whenUnlocked<T>(work: () => Promise<T>, recover?: () => Promise<unknown>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (errorCode(error) !== LOCK_NOT_AVAILABLE || attempt === ATTEMPTS) throw error
      await recover?.()
      await delay(PAUSE_MS)
    }
  }
}
