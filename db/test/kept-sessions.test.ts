import { afterEach, beforeEach, expect, test } from 'vitest'
import { listPartitions } from '../src/partitions.js'
import { openDatabase, type Database } from '../src/pool.js'
import { isSessionKept, keepSession, MAX_KEPT_SESSIONS, releaseSession } from '../src/queries/kept-session.js'
import { openProjectReader } from '../src/queries/project-reader.js'
import { dropPartitions } from '../src/retention.js'
import { createTestDatabase, TEST_INSTANT, type TestDatabase } from '../src/testing.js'
import { ALSO_KEPT, DAY_AFTER, insertOldDay, KEPT, listStored, ONLY_KEPT, PRODUCER } from './old-day.test-kit.js'

let database: TestDatabase
let db: Database

beforeEach(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url })
  await insertOldDay(db)
})

afterEach(async () => {
  await db.close()
  await database.drop()
})

const keep = (session: string) => keepSession(db.ingest, { projectId: 1, session }, TEST_INSTANT)
const release = (session: string) => releaseSession(db.ingest, { projectId: 1, session })

const NOTHING = { event: [], session_part: [], absence: [], breaker_change: [], call_failure: [], event_count: 0, call_count: 0 }

/** Every table and index that stands for the old day, by shape, with the file it lies in. */
async function describeOldDay(): Promise<{ shapes: string[]; files: string[] }> {
  const { rows } = await db.owner.query<{ shape: string; file: string }>(`
    SELECT regexp_replace(coalesce(pg_get_indexdef(indexrelid), parent.relname || ' ' || pg_get_expr(child.relpartbound, child.oid)),
                          'INDEX \\S+', 'INDEX') AS shape,
           pg_relation_filenode(coalesce(indexrelid, child.oid))::text AS file
      FROM pg_class child JOIN pg_inherits ON inhrelid = child.oid JOIN pg_class parent ON parent.oid = inhparent
      LEFT JOIN LATERAL (SELECT NULL::oid AS indexrelid UNION ALL SELECT indexrelid FROM pg_index WHERE indrelid = child.oid) own ON true
     WHERE child.relname ~ '20260114' AND child.relkind = 'r' ORDER BY shape`)
  return { shapes: rows.map(({ shape }) => shape), files: rows.map(({ file }) => file) }
}

async function listLooseTables(): Promise<unknown[]> {
  const { rows } = await db.owner.query("SELECT relname FROM pg_class WHERE relname ~ '20260114' AND relkind = 'r' AND NOT relispartition")
  return rows
}

test('of a day past retention only the rows of kept sessions stay, and the sums count these', async () => {
  await keep(KEPT)
  const before = await describeOldDay()

  const cleared = await dropPartitions(db.owner, DAY_AFTER)

  expect(cleared.filter((name) => name.endsWith('20260114')).toSorted()).toEqual(
    ['absence', 'breaker_change', 'call_count', 'call_failure', 'event', 'event_count', 'flush', 'session_part'].map(
      (table) => `${table}_20260114`,
    ),
  )
  expect(await listStored(db)).toEqual(ONLY_KEPT)
  expect((await describeOldDay()).shapes).toEqual(before.shapes.filter((shape) => !/flush|call_count/.test(shape)))
  expect(await listLooseTables()).toEqual([])
  const { rows } = await db.read.query(`
    SELECT (SELECT array_agg((minute, level, events)::text ORDER BY minute) FROM event_count)
         = (SELECT array_agg((date_trunc('minute', time), level, 1)::text ORDER BY time) FROM event) AS same`)
  expect(rows).toEqual([{ same: true }])
})

test('a session is kept in the project that keeps it, not in another one that has the same id', async () => {
  await db.owner.query(
    `INSERT INTO event (received_at, time, session_id, span, flush_id, ordinal, project_id, node_id, flags, level, kind, category, message)
     SELECT received_at, time, session_id, span, 2, ordinal, 2, node_id, flags, level, kind, category, message FROM event WHERE session_id = $1`,
    [KEPT],
  )
  await keep(KEPT)

  await dropPartitions(db.owner, DAY_AFTER)

  const { rows } = await db.read.query('SELECT project_id, count(*)::int AS events FROM event GROUP BY project_id')
  expect(rows).toEqual([{ project_id: 1, events: 3 }])
})

test('a second run finds nothing to do, and touches no file', async () => {
  await keep(KEPT)
  await dropPartitions(db.owner, DAY_AFTER)
  const before = await describeOldDay()

  expect(await dropPartitions(db.owner, DAY_AFTER)).toEqual([])
  expect(await describeOldDay()).toEqual(before)
})

test('a session that is kept when its day has gone changes nothing but the digest', async () => {
  await keep(KEPT)
  await dropPartitions(db.owner, DAY_AFTER)
  const before = await describeOldDay()
  await keep('0193aaaa00001111222233334444ffff')

  expect(await dropPartitions(db.owner, DAY_AFTER)).toEqual([])
  const digests = (await listPartitions(db.owner)).flatMap(({ keptDigest }) => keptDigest ?? [])
  expect([digests.length, new Set(digests).size]).toEqual([6, 1])
  expect(await describeOldDay()).toEqual(before)
})

test('what is kept no longer goes with the next run, and the last one takes its partitions along', async () => {
  await keep(KEPT)
  await keep(ALSO_KEPT)
  await dropPartitions(db.owner, DAY_AFTER)
  const both = await listStored(db)

  await release(ALSO_KEPT)
  await dropPartitions(db.owner, DAY_AFTER)
  const one = await listStored(db)
  await release(KEPT)
  await dropPartitions(db.owner, DAY_AFTER)

  const two = [KEPT, ALSO_KEPT]
  expect(both).toEqual({ ...ONLY_KEPT, event: two, session_part: two, breaker_change: two, call_failure: two, event_count: 6 })
  expect(one).toEqual(ONLY_KEPT)
  expect(await listStored(db)).toEqual(NOTHING)
  expect((await describeOldDay()).shapes).toEqual([])
})

test('numbers whose absence goes are summed once the last row of their range has gone', async () => {
  const sums = async () => (await db.read.query('SELECT producer, dropped, rejected FROM absence_sum')).rows
  await keep(KEPT)
  await dropPartitions(db.owner, DAY_AFTER)
  const whileKept = await sums()
  await release(KEPT)
  await dropPartitions(db.owner, DAY_AFTER)

  expect(whileKept).toEqual([{ producer: PRODUCER, dropped: '0', rejected: '1' }])
  expect(await sums()).toEqual([{ producer: PRODUCER, dropped: '5', rejected: '1' }])
})

test('a run that is killed while it waits loses nothing, and the next one completes it', async () => {
  await keep(KEPT)
  const reader = await db.read.connect()
  await reader.query('BEGIN; SELECT FROM event LIMIT 1')
  const doomed = openDatabase({ url: database.url, applicationName: 'doomed' })

  const run = dropPartitions(doomed.owner, DAY_AFTER).catch((error: unknown) => error)
  await expect
    .poll(() =>
      db.owner
        .query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'doomed' AND wait_event_type = 'Lock' AND query ~ 'DROP TABLE groundtrack.event_20260114'",
        )
        .then(({ rowCount }) => rowCount),
    )
    .toBe(1)
  expect(await run).toBeInstanceOf(Error)
  const between = await listStored(db)
  await reader.query('COMMIT')
  reader.release()
  await doomed.close()

  expect(between).toMatchObject({ session_part: [KEPT], absence: [KEPT] })
  expect(between?.event).toHaveLength(3)
  expect(await listLooseTables()).toEqual([])
  await dropPartitions(db.owner, DAY_AFTER)
  expect(await listStored(db)).toEqual(ONLY_KEPT)
})

test('inserts go on while an open read holds retention up, and retention ends when the read does', async () => {
  await keep(KEPT)
  const reader = await db.read.connect()
  await reader.query('BEGIN; SELECT FROM event LIMIT 1')

  const run = dropPartitions(db.owner, DAY_AFTER)
  await expect
    .poll(() =>
      db.owner.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'event_20260114'").then((r) => r.rowCount),
    )
    .toBe(1)
  await db.ingest.query(
    `INSERT INTO event (received_at, time, session_id, span, flush_id, ordinal, project_id, node_id, flags, level, kind, category, message)
     VALUES ($1, $1, gen_random_uuid(), 1, 2, 0, 1, 1, 0, 9, 0, '', 'inserted meanwhile')`,
    [TEST_INSTANT],
  )
  await reader.query('COMMIT')
  reader.release()

  expect(await run).toContain('event_20260114')
  const { rows } = await db.read.query('SELECT message FROM event WHERE received_at > $1', [DAY_AFTER])
  expect(rows).toEqual([{ message: 'inserted meanwhile' }])
})

test('several collectors clear a day at once, each from its own look at the catalog', async () => {
  await keep(KEPT)

  for (let turn = 0; turn < 10; turn++) {
    await Promise.all([1, 2, 3].map(() => dropPartitions(db.owner, DAY_AFTER)))
    // What is kept changes between two turns, so that each replaces partitions again.
    await (turn % 2 ? release(ALSO_KEPT) : keep(ALSO_KEPT))
    await db.owner.query('INSERT INTO event_count SELECT received_at, minute, 9, 1, 1, 1, 9 FROM event_count LIMIT 1')
  }
  await release(ALSO_KEPT)
  await dropPartitions(db.owner, DAY_AFTER)

  expect(await listStored(db)).toEqual(ONLY_KEPT)
})

test('a partition that is dropped while the catalog is read is not listed', async () => {
  const reader = await db.owner.connect()
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM pg_class LIMIT 1')
  await dropPartitions(db.owner, DAY_AFTER)

  const listed = await listPartitions(reader)
  await reader.query('COMMIT')
  reader.release()

  expect(listed.filter(({ name, from, to }) => name.endsWith('20260114') || from === null || to === null)).toEqual([])
  expect(listed.length).toBeGreaterThan(0)
})

test('a project keeps no more sessions than it may, and keeping one twice is no second one', async () => {
  await db.owner.query("INSERT INTO kept_session SELECT 1, lpad(to_hex(n), 32, '0')::uuid, now() FROM generate_series(1, $1::int) n", [
    MAX_KEPT_SESSIONS - 1,
  ])
  const reader = openProjectReader(db.read, 1)

  expect([await keep(KEPT), await keep(ALSO_KEPT), await keep(KEPT)]).toEqual([true, false, true])
  expect([await isSessionKept(reader, KEPT), await isSessionKept(reader, ALSO_KEPT)]).toEqual([true, false])
  await release(KEPT)
  expect([await isSessionKept(reader, KEPT), await keep(ALSO_KEPT)]).toEqual([false, true])
})
