import type { Pool } from 'pg'
import { escapeLiteral } from 'pg'
import { SCHEMA } from '../pool.js'
import { LOCK_TIMEOUT_MS } from '../transaction.js'

/** Brings the index on event's received_at up to date for the day of `now`; costs a look at what came since the last time. */
export async function summariseArrivals(owner: Pool, now: Date): Promise<void> {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '')
  await owner.query(`
    BEGIN;
    SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS};
    SELECT brin_summarize_new_values(i.inhrelid)
      FROM pg_inherits i
      JOIN pg_index x ON x.indexrelid = i.inhrelid
     WHERE i.inhparent = '${SCHEMA}.event_received_at'::regclass
       AND x.indrelid = to_regclass(${escapeLiteral(`${SCHEMA}.event_${day}`)});
    COMMIT`)
}
