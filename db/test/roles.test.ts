import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../src/pool.js'
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

const REFUSED = { code: '42501' }
const READ_ONLY = { code: '25006' }

test('each pool acts under its own role', async () => {
  const who = async (pool: Database['owner']) => (await pool.query<{ name: string }>('select current_user::text as name')).rows[0]?.name

  expect([await who(db.ingest), await who(db.read)]).toEqual(['groundtrack_ingest', 'groundtrack_read'])
  expect(db.roles).toBe('separate')
})

test('ingest can neither read, change nor remove events', async () => {
  for (const statement of [
    'select from event',
    'update event set level = 1',
    'delete from event',
    'truncate event',
    'select from session_part',
    'drop table event',
  ])
    await expect(db.ingest.query(statement), statement).rejects.toMatchObject(REFUSED)
})

test('read can change nothing', async () => {
  await expect(db.read.query('delete from event')).rejects.toMatchObject(READ_ONLY)
  const client = await db.read.connect()
  await expect(client.query('begin read write; delete from event')).rejects.toMatchObject(REFUSED)
  client.release(true)
})

test('a user without the roles gets a database that works as the owner and says so', async () => {
  const name = `plain_${process.pid}`
  await db.owner.query(
    `CREATE ROLE ${name} LOGIN PASSWORD 'plain'; GRANT USAGE ON SCHEMA groundtrack TO ${name}; GRANT SELECT ON project TO ${name}`,
  )
  const url = new URL(database.url)
  url.username = name
  url.password = 'plain'
  const plain = openDatabase({ url: url.href })
  try {
    const { rows } = await plain.read.query<{ name: string }>('select name from project')

    expect(rows).toEqual([{ name: 'default' }])
    expect(plain.roles).toBe('owner_only')
    await expect(plain.read.query('create temp table t (i int)')).rejects.toMatchObject(READ_ONLY)
  } finally {
    await plain.close()
    await db.owner.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`)
  }
})

test('a pool goes on after its connections were cut', async () => {
  await db.read.query('select 1')
  await db.owner.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )

  const answers: unknown[] = []
  await expect
    .poll(async () => answers.push(await db.read.query('select 1').catch((error: unknown) => error)) && answers.at(-1))
    .toMatchObject({ rowCount: 1 })
})
