import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../src/pool.js'
import { createTestDatabase, type TestDatabase } from '../src/testing.js'
import { dropRequestKeys, measureSize, readDurability } from '../src/upkeep.js'

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

test('settings that may lose committed data are named', async () => {
  const { rows } = await db.owner.query<{ fsync: string }>("select current_setting('fsync') as fsync")

  const { level, settings } = await readDurability(db.owner)

  expect([level, settings.includes('fsync = off')]).toEqual(rows[0]?.fsync === 'on' ? ['safe', false] : ['unsafe', true])
})

test('request keys are forgotten once they are old', async () => {
  const noon = new Date('2026-01-15T12:00:00Z')
  await db.owner.query("insert into request_key values (1, 'old', '2026-01-15T11:59:59Z'), (1, 'new', '2026-01-15T12:00:00Z')")

  expect(await dropRequestKeys(db.owner, noon)).toBe(1)
  expect((await db.owner.query("select convert_from(digest, 'UTF8') as digest from request_key")).rows).toEqual([{ digest: 'new' }])
})

test('the size grows with what is stored', async () => {
  const before = await measureSize(db.owner)
  await db.owner.query(
    "insert into rejected_sample select 1, n, now(), null, 'malformed_event', decode(repeat(md5(n::text), 2000), 'hex') from generate_series(1, 50) n",
  )

  expect(await measureSize(db.owner)).toBeGreaterThan(before)
})
