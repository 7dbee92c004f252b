import { afterEach, beforeEach, expect, test } from 'vitest'
import { pino } from 'pino'
import { dropPartitions, ensurePartitions, listPartitions, measureSize, openDatabase, type Database } from '@groundtrack/db'
import { createTestDatabase, type TestDatabase } from '@groundtrack/db/testing'
import { dropOld, tidyLedger } from '../src/jobs/upkeep-jobs.js'

const NOON = new Date('2026-05-15T12:00:00Z')
const DAY_MS = 86_400_000

let database: TestDatabase
let db: Database

beforeEach(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url })
  await dropPartitions(db.owner, NOON)
  await ensurePartitions(db.owner, new Date(NOON.getTime() - 5 * DAY_MS), 5)
})

afterEach(async () => {
  await db.close()
  await database.drop()
})

function options(config: { retentionDays: number; maxDiskBytes: number | undefined }) {
  return { db, config, log: pino({ level: 'silent' }), now: () => NOON.getTime() }
}

async function listDays(): Promise<string[]> {
  const names = (await listPartitions(db.owner)).filter(({ table, to }) => table === 'event' && to.getTime() <= NOON.getTime() + DAY_MS)
  return names.map(({ name }) => name.replace('event_', ''))
}

test('days that lie wholly before the retention are dropped', async () => {
  await dropOld(options({ retentionDays: 2, maxDiskBytes: undefined }))

  expect(await listDays()).toEqual(['20260513', '20260514', '20260515'])
})

test('over the disk budget the oldest days go first, and today stays whatever its size', async () => {
  const empty = await measureSize(db.owner)

  await dropOld(options({ retentionDays: 7, maxDiskBytes: empty - 1 }))
  const afterOne = await listDays()
  await dropOld(options({ retentionDays: 7, maxDiskBytes: 1 }))

  expect(afterOne[0]).toBe('20260511')
  expect(await listDays()).toEqual(['20260515'])
})

test('the ledger keeps digests for a day, and producers for ninety', async () => {
  await db.owner.query(`
    INSERT INTO producer SELECT 1, producer::uuid, 1, 1, seen_at::timestamptz
      FROM (VALUES ('6f1c1f0e-2b51-4a7e-9d6c-3f7c0a5e1c01', '2026-05-15T11:00Z'), ('6f1c1f0e-2b51-4a7e-9d6c-3f7c0a5e1c02', '2026-02-13T11:00Z')) AS known (producer, seen_at);
    INSERT INTO batch SELECT project_id, producer, epoch, n * 10, n * 10 + 9, '\\x00', seen_at - interval '1 day' * (2 - n) FROM producer, generate_series(0, 2) n`)

  await tidyLedger(options({ retentionDays: 7, maxDiskBytes: undefined }))

  const { rows } = await db.owner.query('SELECT first, last, digest IS NULL AS merged FROM batch ORDER BY first')
  expect(rows).toEqual([
    { first: '0', last: '19', merged: true },
    { first: '20', last: '29', merged: false },
  ])
})
