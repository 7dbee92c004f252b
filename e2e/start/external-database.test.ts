import { afterEach, expect, test } from 'vitest'
import { Client } from 'pg'
import { createTestDatabase, type TestDatabase } from '@groundtrack/db/testing'
import { cleanUp, startProgram, type Program } from './program.js'

const programs: Program[] = []
const databases: TestDatabase[] = []

afterEach(async () => {
  await cleanUp(programs, [])
  for (const database of databases.splice(0)) await database.drop()
})

function start(url: string, args: string[] = []): Program {
  const program = startProgram({ args, env: { GROUNDTRACK_DATABASE_URL: url } })
  programs.push(program)
  return program
}

async function makeDatabase(): Promise<URL> {
  const database = await createTestDatabase()
  databases.push(database)
  return new URL(database.url)
}

async function execute(url: URL, statements: string): Promise<void> {
  const client = new Client({ connectionString: url.href })
  await client.connect()
  await client.query(statements)
  await client.end()
}

test('an own PostgreSQL is migrated and used, and its password is never printed', async () => {
  const url = await makeDatabase()
  await execute(url, 'drop schema groundtrack cascade')
  const program = start(url.href)

  const address = await program.ready()

  expect(program.stdout.split('\n')[0]).toBe(
    `Groundtrack 0.1.0: database ${url.pathname.slice(1)} on 127.0.0.1:${url.port} (schema groundtrack)`,
  )
  expect(program.stdout).toContain('migrated: 0001-foundation')
  expect((await fetch(`${address}/readyz`)).status).toBe(200)
  expect(await program.kill('SIGTERM')).toBe(0)
  expect(program.stdout + program.stderr).not.toContain(url.password)
})

test('migrate alone brings the schema up to date and ends', async () => {
  const url = await makeDatabase()

  const program = start(url.href, ['migrate'])

  expect(await program.exited()).toBe(0)
  expect(program.stdout).toContain('the schema is up to date')
})

test.each([
  ['nobody listens', (url: URL) => (url.port = '1'), /No PostgreSQL answers at 127\.0\.0\.1:1 \(ECONNREFUSED\).*GROUNDTRACK_DATABASE_URL/],
  ['the password is wrong', (url: URL) => (url.password = 'wrong'), /does not let groundtrack in .*GROUNDTRACK_DATABASE_URL/],
  ['the database is missing', (url: URL) => (url.pathname = '/nowhere'), /has no database nowhere.*createdb nowhere/],
])('when %s, it ends with 1 and says what to do', async (_case, spoil, message) => {
  const url = await makeDatabase()
  spoil(url)

  const program = start(url.href)

  expect(await program.exited()).toBe(1)
  expect(program.stderr).toMatch(message)
})

test('a user who may not create the schema is told who can', async () => {
  const url = await makeDatabase()
  const user = `guest_${process.pid}`
  await execute(url, `drop schema groundtrack cascade; create role ${user} login password 'guest'`)
  const asGuest = new URL(url)
  asGuest.username = user
  asGuest.password = 'guest'

  const program = start(asGuest.href)

  expect(await program.exited()).toBe(1)
  expect(program.stderr).toContain(`CREATE SCHEMA groundtrack AUTHORIZATION ${user};`)
  await execute(url, `drop role ${user}`)
})

test('a user who owns only the schema can run it, and is told that the roles are missing', async () => {
  const url = await makeDatabase()
  const user = `owner_${process.pid}`
  await execute(
    url,
    `drop schema groundtrack cascade; create role ${user} login password 'owner'; create schema groundtrack authorization ${user}`,
  )
  const asOwner = new URL(url)
  asOwner.username = user
  asOwner.password = 'owner'
  const program = start(asOwner.href)

  const address = await program.ready()

  expect((await fetch(`${address}/readyz`)).status).toBe(200)
  expect(program.stderr).toContain('may not use the roles')
  expect(await program.kill('SIGTERM')).toBe(0)
  await execute(url, `drop owned by ${user}; drop role ${user}`)
})
