import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../src/pool.js'
import { listFlushEvents } from '../src/queries/events-by-arrival.js'
import { flushIdOf } from '../src/queries/insert-flush.js'
import { openProjectReader } from '../src/queries/project-reader.js'
import { summariseArrivals } from '../src/queries/summarise-arrivals.js'
import { createTestDatabase, TEST_INSTANT, type TestDatabase } from '../src/testing.js'

let database: TestDatabase
let db: Database

beforeAll(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url })
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

test('the events of a flush are found without reading the day', async () => {
  const flushes = 200
  await db.owner.query(
    `INSERT INTO event (received_at, time, session_id, span, flush_id, ordinal, project_id, node_id, flags, level, kind, category, message)
     SELECT $1::timestamptz + f * interval '1 second', $1, gen_random_uuid(), 1, (1::bigint << 32) + f, o, 1, 1, 0, 9, 0, '', repeat('x', 200)
       FROM generate_series(1, $2) AS f, generate_series(0, 99) AS o ORDER BY f, o`,
    [TEST_INSTANT, flushes],
  )
  await summariseArrivals(db.owner, TEST_INSTANT)
  const flush = { writerId: 1, flushNo: 77, receivedMicros: TEST_INSTANT.getTime() * 1_000 + 77_000_000, events: 100 }

  const events = await listFlushEvents(openProjectReader(db.follow, 1), [flush])
  const { rows } = await db.follow.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off) SELECT FROM event
      WHERE received_at >= $1::timestamptz + interval '77 seconds' AND received_at <= $1::timestamptz + interval '77 seconds' AND flush_id = $2::bigint`,
    [TEST_INSTANT, flushIdOf(1, 77).toString()],
  )

  expect(events.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 100 }, (_, i) => i))
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toContain('received_at_idx')
  const looked = Number(/Rows Removed by Index Recheck: (\d+)/.exec(plan)?.[1])
  expect(looked).toBeLessThan((flushes * 100) / 10)
})
