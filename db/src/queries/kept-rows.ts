import type { Queryable } from '../connection.js'
import type { Partition } from '../partitions.js'
import { SCHEMA } from '../pool.js'
import type { KeptSessions } from './kept-session.js'

/** $1 and $2: columns of KeptSessions. */
const KEPT = 'unnest($1::int[], $2::uuid[]) AS kept (project_id, session_id)'
const IS_KEPT = '(kept.project_id, kept.session_id) = (own.project_id, own.session_id)'

/** SELECT of the rows that stay of a partition, with parameters $1 and $2; null where none ever do. */
export function selectKeptRows({ name, table }: Pick<Partition, 'name' | 'table'>): string | null {
  if (table === 'flush' || table === 'call_count') return null
  // The sums of a histogram follow the events that stay. They go before these do, so the events are still there.
  if (table === 'event_count')
    return `
      SELECT max(own.received_at), date_trunc('minute', own.time), max(own.flush_id), own.project_id, own.node_id, count(*)::integer, own.level
        FROM ${SCHEMA}.${eventsOf(name)} own JOIN ${KEPT} ON ${IS_KEPT}
       GROUP BY date_trunc('minute', own.time), own.project_id, own.node_id, own.level`
  return `SELECT own.* FROM ${SCHEMA}.${name} own JOIN ${KEPT} ON ${IS_KEPT}`
}

export async function hasRows(client: Queryable, select: string, kept: KeptSessions): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(`SELECT EXISTS (${select}) AS found`, [kept.projectIds, kept.sessionIds])
  return rows[0]?.found ?? false
}

/** How many rows, or counted events, a partition holds beside those that stay; reads all of it. */
export async function countOtherRows(
  client: Queryable,
  { name, table }: Pick<Partition, 'name' | 'table'>,
  select: string,
  kept: KeptSessions,
): Promise<number> {
  const others =
    table === 'event_count'
      ? `SELECT abs((SELECT coalesce(sum(events), 0) FROM ${SCHEMA}.${name})
              - (SELECT sum(count) FROM (${select}) AS stays (received_at, minute, flush_id, project_id, node_id, count, level)))::float8 AS others`
      : `SELECT count(*)::float8 AS others FROM ${SCHEMA}.${name} own WHERE NOT EXISTS (SELECT FROM ${KEPT} WHERE ${IS_KEPT})`
  const { rows } = await client.query<{ others: number }>(others, [kept.projectIds, kept.sessionIds])
  return rows[0]?.others ?? 0
}

/**
 * Adds to absence_sum the numbers that a partition of absence is about to forget. A dropped range has a row for each hop it went
 * through: it counts here once the last of them goes.
 */
export async function sumAbsences(client: Queryable, name: string, kept: KeptSessions): Promise<void> {
  await client.query(
    `
    INSERT INTO ${SCHEMA}.absence_sum AS known (project_id, producer, epoch, dropped, rejected)
    SELECT project_id, producer, epoch,
           coalesce(sum(numbers) FILTER (WHERE state = 'dropped'), 0), coalesce(sum(numbers) FILTER (WHERE state = 'rejected'), 0)
      FROM (SELECT own.project_id, own.producer, own.epoch, own.state, own.last - own.first + 1 AS numbers
              FROM ${SCHEMA}.${name} own LEFT JOIN ${KEPT} ON ${IS_KEPT}
             GROUP BY own.project_id, own.producer, own.epoch, own.state, own.first, own.last
            HAVING count(kept.session_id) = 0) AS going
     GROUP BY project_id, producer, epoch
        ON CONFLICT (project_id, producer, epoch) DO UPDATE
       SET dropped = known.dropped + excluded.dropped, rejected = known.rejected + excluded.rejected`,
    [kept.projectIds, kept.sessionIds],
  )
}

function eventsOf(countsName: string): string {
  return countsName.replace(/^event_count/, 'event')
}
