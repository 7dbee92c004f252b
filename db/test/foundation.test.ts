import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensurePartitions, listPartitions } from '../src/partitions.js'
import { migrate } from '../src/migrate.js'
import { openDatabase, type Database } from '../src/pool.js'
import { dropPartitions } from '../src/retention.js'
import { createTestDatabase, type TestDatabase } from '../src/testing.js'

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

const MAY = new Date('2026-05-04T23:59:59Z')

test('migrating twice changes nothing', async () => {
  expect(await migrate(database.url)).toEqual([])
})

test('partitions are made once, however many collectors make them at the same time', async () => {
  const made = (
    await Promise.all([ensurePartitions(db.owner, MAY), ensurePartitions(db.owner, MAY), ensurePartitions(db.owner, MAY)])
  ).flat()

  expect(made.toSorted()).toEqual([...new Set(made)].toSorted())
  expect(made).toHaveLength(8 * 8)
  expect(made).toContain('event_20260504')
  expect(made).toContain('flush_20260511')
})

test('a partition holds one day in UTC and every leaf has a replica identity', async () => {
  await ensurePartitions(db.owner, MAY)

  const partition = (await listPartitions(db.owner)).find(({ name }) => name === 'event_20260504')
  const { rows } = await db.owner.query(
    "select relname from pg_class where relnamespace = 'groundtrack'::regnamespace and relkind = 'r' and relispartition and relreplident <> 'f'",
  )

  expect(partition).toMatchObject({ table: 'event', from: new Date('2026-05-04T00:00:00Z'), to: new Date('2026-05-05T00:00:00Z') })
  expect(rows).toEqual([])
})

test('only partitions that ended before the given instant are dropped', async () => {
  await ensurePartitions(db.owner, MAY)

  const dropped = await dropPartitions(db.owner, new Date('2026-05-06T12:00:00Z'))

  expect(dropped).toContain('event_20260505')
  expect(dropped).not.toContain('event_20260506')
  expect((await listPartitions(db.owner)).every(({ to }) => to > new Date('2026-05-06T12:00:00Z'))).toBe(true)
})
