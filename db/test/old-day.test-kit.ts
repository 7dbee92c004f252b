import type { Database } from '../src/pool.js'

export const OLD_DAY = new Date('2026-01-14T10:00:00Z')
/** Where retention stands when the old day is past it. */
export const DAY_AFTER = new Date('2026-01-15T00:00:00Z')

export const KEPT = '0193aaaa000011112222333344440001'
export const ALSO_KEPT = '0193aaaa000011112222333344440002'
export const OTHER = '0193aaaa000011112222333344440003'
export const PRODUCER = '6f1c1f0e-2b51-4a7e-9d6c-3f7c0a5e1c01'

/** What is stored once all but KEPT has gone. */
export const ONLY_KEPT = {
  event: [KEPT],
  session_part: [KEPT],
  absence: [KEPT],
  breaker_change: [KEPT],
  call_failure: [KEPT],
  event_count: 3,
  call_count: 0,
}

/** Three events of each session on the old day, a dropped range through two of them, a rejected event of the third; a breaker's turn and a failed call in each. */
export async function insertOldDay(db: Database): Promise<void> {
  const sessions = [KEPT, ALSO_KEPT, OTHER]
  await db.owner.query(
    `INSERT INTO event (received_at, time, session_id, span, flush_id, ordinal, project_id, node_id, flags, level, kind, category, message)
     SELECT $1, $1::timestamptz - n * interval '1 minute', session::uuid, 1, 1, n, 1, 1, 0, 9, 0, 'test', 'event ' || n
       FROM unnest($2::text[]) AS session, generate_series(1, 3) AS n`,
    [OLD_DAY, sessions],
  )
  await db.owner.query(
    `INSERT INTO session_part (received_at, first_time, last_time, session_id, span, flush_id, project_id, node_id, events, numbered, errors)
     SELECT $1, $1, $1, session::uuid, 1, 1, 1, 1, 3, 3, 0 FROM unnest($2::text[]) AS session`,
    [OLD_DAY, sessions],
  )
  await db.owner.query(
    `INSERT INTO event_count (received_at, minute, flush_id, project_id, node_id, events, level)
     SELECT $1, $1::timestamptz - n * interval '1 minute', 1, 1, 1, 3, 9 FROM generate_series(1, 3) AS n`,
    [OLD_DAY],
  )
  await db.owner.query(
    `INSERT INTO absence (received_at, producer, session_id, span, first, last, flush_id, project_id, node_id, epoch, from_number, to_number, count, state, reason)
     VALUES ($1, $2, $3, 1, 10, 14, 1, 1, 1, 1, 4, 5, 2, 'dropped', 'buffer_full'), ($1, $2, $4, 1, 10, 14, 1, 1, 1, 1, 4, 5, 2, 'dropped', 'buffer_full'),
            ($1, $2, NULL, NULL, 10, 14, 1, 1, 1, 1, NULL, NULL, 1, 'dropped', 'buffer_full'), ($1, $2, $4, 1, 20, 20, 1, 1, 1, 1, 6, 6, 1, 'rejected', 'too_deep')`,
    [OLD_DAY, PRODUCER, KEPT, OTHER],
  )
  await db.owner.query(
    `INSERT INTO breaker_change (received_at, time, session_id, breaker_id, span, flush_id, project_id, node_id, failures, from_state, to_state, reason)
     SELECT $1, $1, session::uuid, session::uuid, 1, 1, 1, 1, 3, 0, 1, 'refused' FROM unnest($2::text[]) AS session`,
    [OLD_DAY, sessions],
  )
  await db.owner.query(
    `INSERT INTO call_failure (received_at, time, session_id, breaker_id, span, flush_id, project_id, node_id, status, name, reason)
     SELECT $1, $1, session::uuid, session::uuid, 1, 1, 1, 1, 1, 'GET /', 'refused' FROM unnest($2::text[]) AS session`,
    [OLD_DAY, sessions],
  )
  await db.owner.query("INSERT INTO call_count VALUES ($1, $1, 12, 1, 5, 5, 0, 0, 0, 0, 'sandbox', 'cart', 'payments', NULL, '{14,5}')", [
    OLD_DAY,
  ])
  await db.owner.query('INSERT INTO flush VALUES ($1, 1, 1, 9)', [OLD_DAY])
}

/** The sessions of which each table holds rows, and how many events the sums count. */
export async function listStored(db: Database) {
  const { rows } = await db.read.query<{
    event: string[]
    session_part: string[]
    absence: string[]
    breaker_change: string[]
    call_failure: string[]
    event_count: number
    call_count: number
  }>(`
    SELECT ARRAY(SELECT DISTINCT replace(session_id::text, '-', '') FROM event ORDER BY 1) AS event,
           ARRAY(SELECT DISTINCT replace(session_id::text, '-', '') FROM session_part ORDER BY 1) AS session_part,
           ARRAY(SELECT DISTINCT coalesce(replace(session_id::text, '-', ''), 'none') FROM absence ORDER BY 1) AS absence,
           ARRAY(SELECT DISTINCT replace(session_id::text, '-', '') FROM breaker_change ORDER BY 1) AS breaker_change,
           ARRAY(SELECT DISTINCT replace(session_id::text, '-', '') FROM call_failure ORDER BY 1) AS call_failure,
           (SELECT coalesce(sum(events), 0)::int FROM event_count) AS event_count,
           (SELECT coalesce(sum(calls), 0)::int FROM call_count) AS call_count`)
  return rows[0]
}
