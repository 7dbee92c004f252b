import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { forgetProducers, mergeLedger } from '../src/ledger-upkeep.js'
import { openDatabase, type Database } from '../src/pool.js'
import { claimBatches, findOverlaps, isStoredAlready } from '../src/queries/ledger.js'
import { createTestDatabase, type TestDatabase } from '../src/testing.js'

let database: TestDatabase
let db: Database
let producer: string

beforeAll(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url })
})

afterAll(async () => {
  await db.close()
  await database.drop()
})

beforeEach(async () => {
  await db.owner.query('TRUNCATE batch, producer, absence_sum')
  producer = randomUUID()
})

const NOON = new Date('2026-01-15T12:00:00Z')
const hoursAgo = (hours: number) => new Date(NOON.getTime() - hours * 3_600_000)

async function store(first: number, last: number, at: Date, epoch = 1): Promise<void> {
  const range = { projectId: 1, producer, epoch, first, last, nodeId: 1, digest: Buffer.from([first % 256]) }
  await db.ingest.query(claimBatches([range], at))
}

async function listRanges(): Promise<unknown[]> {
  const { rows } = await db.owner.query<{ epoch: number; first: string; last: string; merged: boolean }>(
    'SELECT epoch, first, last, digest IS NULL AS merged FROM batch ORDER BY epoch, first',
  )
  return rows.map(({ epoch, first, last, merged }) => `${epoch}: ${first}–${last}${merged ? ' merged' : ''}`)
}

test('ranges that follow one another become one; holes, epochs and what is recent stay as they are', async () => {
  for (const [first, last] of [
    [0, 9],
    [10, 10],
    [11, 30],
    [41, 50],
  ] as const)
    await store(first, last, hoursAgo(30))
  await store(31, 40, hoursAgo(1))
  await store(51, 60, hoursAgo(2))
  await store(0, 9, hoursAgo(30), 2)
  await store(10, 19, hoursAgo(29), 2)

  expect(await mergeLedger(db.owner, hoursAgo(24))).toBe(3)
  expect(await listRanges()).toEqual(['1: 0–30 merged', '1: 31–40', '1: 41–50', '1: 51–60', '2: 0–19 merged'])
  expect(await mergeLedger(db.owner, hoursAgo(24))).toBe(0)
  expect(await mergeLedger(db.owner, NOON)).toBe(3)
  expect(await listRanges()).toEqual(['1: 0–60 merged', '2: 0–19 merged'])
})

test('a batch that was merged is still found, whatever part of a range it was', async () => {
  for (let first = 0; first < 50; first += 10) await store(first, first + 9, hoursAgo(30))
  await mergeLedger(db.owner, NOON)

  const connection = await db.ingest.connect()
  const hits = await findOverlaps(connection, [{ projectId: 1, producer, epoch: 1, first: 20, last: 29 }])
  connection.release()

  expect(hits).toEqual([{ position: 0, first: 0, last: 49, digest: null }])
  await expect(store(20, 29, NOON)).rejects.toSatisfy(isStoredAlready)
  await store(50, 59, NOON)
  expect(await listRanges()).toEqual(['1: 0–49 merged', '1: 50–59'])
})

test('more producers than one transaction takes are all merged', async () => {
  await db.owner.query(`
    INSERT INTO producer SELECT 1, gen_random_uuid(), 1, 1, '2026-01-01' FROM generate_series(1, 1200);
    INSERT INTO batch SELECT 1, producer, 1, n * 10, n * 10 + 9, '\\x00', '2026-01-01' FROM producer, generate_series(0, 2) n`)

  expect(await mergeLedger(db.owner, NOON)).toBe(2400)
  expect((await db.owner.query('SELECT DISTINCT first, last FROM batch')).rows).toEqual([{ first: '0', last: '29' }])
})

test('while ranges are merged, batches are stored once and none is refused that is new', async () => {
  let next = 0
  let stop = false
  const writing = (async () => {
    while (!stop) {
      await store(next, next + 9, hoursAgo(30))
      await expect(store(next, next + 9, NOON)).rejects.toSatisfy(isStoredAlready)
      next += 10
    }
  })()
  for (let i = 0; i < 30; i++) await mergeLedger(db.owner, NOON)
  stop = true
  await writing
  await mergeLedger(db.owner, NOON)

  expect(next).toBeGreaterThan(0)
  expect(await listRanges()).toEqual([`1: 0–${next - 1} merged`])
})

test('a producer that was silent for long goes as a whole, one that still speaks keeps its oldest ranges', async () => {
  const silent = producer
  await store(0, 9, hoursAgo(5000))
  await db.owner.query('INSERT INTO absence_sum VALUES (1, $1, 1, 3, 0)', [silent])
  producer = randomUUID()
  await store(0, 9, hoursAgo(5000))
  await store(20, 29, hoursAgo(1))

  expect(await forgetProducers(db.owner, hoursAgo(90 * 24))).toBe(1)
  expect(await listRanges()).toEqual(['1: 0–9', '1: 20–29'])
  const { rows } = await db.owner.query('SELECT producer, (SELECT count(*)::int FROM absence_sum) AS sums FROM producer')
  expect(rows).toEqual([{ producer, sums: 0 }])
})
