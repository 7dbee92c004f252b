import type { Database } from '@groundtrack/db'

/** A session of 12 events: 0 calls 1, 1 calls 2. A hop has number, kind, path, which hop it calls. */
const EVENTS = `(VALUES
  (0, 1, 1, '{}'), (0, 2, 3, '{}'), (1, 1, 1, '{2}'), (1, 2, 3, '{2}'), (2, 1, 1, '{2,2}'), (2, 2, 0, '{2,2}'),
  (2, 3, 0, '{2,2}'), (2, 4, 2, '{2,2}'), (1, 3, 4, '{2}'), (1, 4, 2, '{2}'), (0, 3, 4, '{}'), (0, 4, 2, '{}')) AS v(hop, n, kind, path)`

export const SMALL_EVENTS = 12
export const LARGE_EVENTS = 1_000
const HOPS_OF_LARGE = 20
const SESSIONS_A_FLUSH = 40
const CHUNK = 20_000

export interface Fill {
  /** Number of the first session; later fills go on where earlier ones ended. */
  first: number
  sessions: number
  /** The sessions are spread evenly over this time. */
  from: Date
  to: Date
}

/** Eight services, as one collector would have registered them; answers their row ids. */
export async function fillNodes(db: Database): Promise<number[]> {
  const services = ['storefront', 'cart', 'checkout', 'payments', 'inventory', 'mailer', 'search', 'images']
  const { rows } = await db.owner.query<{ id: number }>(
    `INSERT INTO node (project_id, node_uuid, service, environment, version, first_seen_at, seen_at, ttl_seconds, state, state_at, number)
     SELECT 1, gen_random_uuid(), service, 'sandbox', '1.0', now(), now(), 30, 'up', now(), 1 FROM unnest($1::text[]) AS service RETURNING id`,
    [services],
  )
  return rows.map((row) => row.id)
}

/** Sessions of 12 events in 3 hops, about 240 bytes of JSON an event, their events mixed within flushes of 40 sessions. */
export async function fillSmallSessions(db: Database, nodes: readonly number[], fill: Fill): Promise<void> {
  const stepMs = (fill.to.getTime() - fill.from.getTime()) / fill.sessions
  for (let start = 0; start < fill.sessions; start += CHUNK) {
    const count = Math.min(CHUNK, fill.sessions - start)
    const parameters = [fill.first + start, count, fill.from, stepMs, nodes, fill.first]
    await db.owner.query(`${SESSIONS} ${INSERT_EVENTS}`, parameters)
    await db.owner.query(`${SESSIONS} ${INSERT_PARTS}`, parameters)
  }
}

const SESSIONS = `WITH r AS (
  SELECT s, at, ${sessionId('s', 'at')} AS id, (1::bigint << 32) + s / ${SESSIONS_A_FLUSH} AS flush
    FROM (SELECT s, $3::timestamptz + (s - $6::bigint) * $4::float8 * interval '1 millisecond' AS at FROM generate_series($1::bigint, $1::bigint + $2::bigint - 1) AS s) t)`

/** Time-ordered, like the SDK's. */
function sessionId(number: string, at: string): string {
  const hash = `md5(${number}::text)`
  return `(lpad(to_hex((extract(epoch FROM ${at}) * 1000)::bigint), 12, '0') || '7' || substr(${hash}, 1, 3) || '8' || substr(${hash}, 4, 15))::uuid`
}

const hex = (value: string) => `lpad(to_hex(${value}), 16, '0')`
const callId = (hop: string) => hex(`(1::bigint << 60) + r.s * 4 + ${hop}`)
const span = (hop: string) => `(r.s * 4 + ${hop} + 1)`
const NODE = `($5::int[])[1 + (r.s + v.hop * 3) % 8]`

const INSERT_EVENTS = `
  INSERT INTO event (received_at, time, session_id, span, seq, flush_id, ordinal, project_id, node_id, flags, level, kind, clock, category, message, attributes, detail)
  SELECT r.at, r.at + (v.hop * 3 + v.n) * interval '1 millisecond', r.id, ${span('v.hop')}, r.s * 12 + v.n, r.flush, (r.s % ${SESSIONS_A_FLUSH} * 12 + v.hop * 4 + v.n)::int,
         1, ${NODE}, 0, CASE WHEN r.s % 20 = 0 AND v.hop = 2 AND v.n = 3 THEN 17 ELSE 9 END, v.kind, v.path::int[] || v.n, CASE WHEN v.kind = 0 THEN 'stock' ELSE '' END,
         CASE WHEN v.kind = 0 THEN 'reserved item A-' || r.s % 997 || ' for order ' || md5(r.s::text) || ' in warehouse ' || v.n ELSE '' END,
         CASE WHEN v.kind = 0 THEN jsonb_build_object('sku', 'A-' || r.s % 997, 'count', v.n, 'http.route', '/cart/:id') END,
         CASE v.kind
           WHEN 1 THEN jsonb_build_object('name', 'POST /step/' || v.hop) || CASE WHEN v.hop = 0 THEN '{}' ELSE jsonb_build_object('parent', ${callId('v.hop')}, 'call', ${callId('v.hop')}) END
           WHEN 2 THEN jsonb_build_object('status', CASE WHEN r.s % 20 = 0 THEN 'error' ELSE 'ok' END)
           WHEN 3 THEN jsonb_build_object('call', ${callId('(v.hop + 1)')}, 'target', jsonb_build_object('service', 'payments', 'version', '1.0'))
           WHEN 4 THEN jsonb_build_object('call', ${callId('(v.hop + 1)')}, 'status', 'ok', 'callee', jsonb_build_object('span', ${hex(span('(v.hop + 1)'))}, 'last', 4)) END
    FROM r CROSS JOIN ${EVENTS}
   ORDER BY r.flush, v.hop, r.s, v.n`

const INSERT_PARTS = `
  INSERT INTO session_part (received_at, first_time, last_time, opened_at, closed_at, session_id, span, parent, call_span, flush_id, project_id, node_id,
                            events, numbered, errors, first_number, last_number, closed_number, status, path, name)
  SELECT r.at, r.at + (v.hop * 3 + 1) * interval '1 millisecond', r.at + (v.hop * 3 + 4) * interval '1 millisecond', r.at, r.at, r.id, ${span('v.hop')},
         CASE WHEN v.hop > 0 THEN (1::bigint << 60) + r.s * 4 + v.hop END, CASE WHEN v.hop > 0 THEN (1::bigint << 60) + r.s * 4 + v.hop END, r.flush, 1, ${NODE},
         4, 4, CASE WHEN r.s % 20 = 0 AND v.hop = 2 THEN 1 ELSE 0 END, 1, 4, 4, CASE WHEN r.s % 20 = 0 THEN 1 ELSE 0 END, v.path::int[], 'POST /step/' || v.hop
    FROM r CROSS JOIN (VALUES (0, '{}'), (1, '{2}'), (2, '{2,2}')) AS v(hop, path)`

/** Sessions of 1,000 events: a root that calls 19 hops, the rest logs. Flushed in four parts, among the small ones. */
export async function fillLargeSessions(db: Database, nodes: readonly number[], fill: Fill): Promise<void> {
  const stepMs = (fill.to.getTime() - fill.from.getTime()) / fill.sessions
  const parameters = [fill.first, fill.sessions, fill.from, stepMs, nodes, fill.first]
  const perHop = LARGE_EVENTS / HOPS_OF_LARGE
  const rows = `r CROSS JOIN generate_series(0, ${HOPS_OF_LARGE - 1}) AS v(hop) CROSS JOIN generate_series(1, ${perHop}) AS g(n)`
  const path = `CASE WHEN v.hop = 0 THEN '{}'::int[] ELSE ARRAY[v.hop + 1] END`
  const largeSpan = `(r.s * 32 + v.hop + 1)`
  const call = (hop: string) => hex(`(1::bigint << 61) + r.s * 32 + ${hop}`)
  await db.owner.query(
    `${SESSIONS}
    INSERT INTO event (received_at, time, session_id, span, seq, flush_id, ordinal, project_id, node_id, flags, level, kind, clock, category, message, attributes, detail)
    SELECT r.at, r.at + (v.hop * 50 + g.n) * interval '1 millisecond', r.id, ${largeSpan}, g.n, r.flush + (2::bigint << 32) + g.n % 4, v.hop * 50 + g.n, 1, ${NODE}, 0, 9,
           k.kind, ${path} || g.n, 'stock', CASE WHEN k.kind = 0 THEN 'line ' || g.n || ' of ' || md5(g.n::text || r.s::text) ELSE '' END,
           CASE WHEN k.kind = 0 THEN jsonb_build_object('sku', 'A-' || g.n, 'http.route', '/cart/:id') END,
           CASE k.kind WHEN 1 THEN jsonb_build_object('name', 'POST /bulk') || CASE WHEN v.hop = 0 THEN '{}' ELSE jsonb_build_object('parent', ${call('v.hop')}, 'call', ${call('v.hop')}) END
                       WHEN 2 THEN '{"status":"ok"}' WHEN 3 THEN jsonb_build_object('call', ${call('g.n - 1')}, 'oneway', true) END
      FROM ${rows}
     CROSS JOIN LATERAL (SELECT CASE WHEN g.n = 1 THEN 1 WHEN g.n = ${perHop} THEN 2 WHEN v.hop = 0 AND g.n <= ${HOPS_OF_LARGE} THEN 3 ELSE 0 END AS kind) k`,
    parameters,
  )
  await db.owner.query(
    `${SESSIONS}
    INSERT INTO session_part (received_at, first_time, last_time, opened_at, closed_at, session_id, span, parent, flush_id, project_id, node_id,
                              events, numbered, errors, first_number, last_number, closed_number, status, path, name)
    SELECT r.at, r.at, r.at + interval '1 second', r.at, r.at + interval '1 second', r.id, ${largeSpan}, CASE WHEN v.hop > 0 THEN (1::bigint << 61) + r.s * 32 + v.hop END,
           r.flush + (2::bigint << 32) + g.n % 4, 1, ${NODE}, count(*), count(*), 0, min(g.n), max(g.n), max(g.n), 0, ${path}, 'POST /bulk'
      FROM ${rows}
     GROUP BY r.at, r.id, r.s, r.flush, v.hop, g.n % 4`,
    parameters,
  )
}

/** Ids of evenly chosen sessions of a fill, 32 hex. */
export async function pickSessions(db: Database, fill: Fill, count: number): Promise<string[]> {
  const stepMs = (fill.to.getTime() - fill.from.getTime()) / fill.sessions
  const { rows } = await db.owner.query<{ id: string }>(
    `SELECT replace(${sessionId('s', 'at')}::text, '-', '') AS id
       FROM (SELECT s, $3::timestamptz + (s - $1::bigint) * $4::float8 * interval '1 millisecond' AS at
               FROM (SELECT $1::bigint + i * $2::bigint / $5::bigint AS s FROM generate_series(0, $5::bigint - 1) AS i) p) t`,
    [fill.first, fill.sessions, fill.from, stepMs, count],
  )
  return rows.map((row) => row.id)
}
