import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { migrate } from './migrate.js'
import { ensurePartitions } from './partitions.js'
import { openDatabase } from './pool.js'

export interface TestDatabase {
  url: string
  drop(): Promise<void>
}

/** The instant of all tests; the template has partitions around it and around today. */
export const TEST_INSTANT = new Date('2026-01-15T12:00:00Z')

const VARIABLE = 'GROUNDTRACK_TEST_POSTGRES_URL'

/** A migrated database of its own: a clone of the template, in about 100 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = process.env[VARIABLE]
  if (!serverUrl)
    throw new Error(`${VARIABLE} is not set: run the tests with vitest from the root of the repository, which starts PostgreSQL.`)
  const name = `test_${randomBytes(8).toString('hex')}`
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${templateName()}`)
  return {
    url: databaseUrl(serverUrl, name),
    drop: () => onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  }
}

/** Makes the template database on this server, unless one with the same migrations is there. */
export async function createTemplateDatabase(serverUrl: string, now: Date = new Date()): Promise<void> {
  const name = templateName()
  const unfinished = `${name}_${randomBytes(4).toString('hex')}`
  if (await databaseExists(serverUrl, name)) return
  await onServer(serverUrl, `CREATE DATABASE ${unfinished}`)
  const url = databaseUrl(serverUrl, unfinished)
  await migrate(url)
  const db = openDatabase({ url })
  await ensurePartitions(db.owner, new Date(TEST_INSTANT.getTime() - 86_400_000), 3)
  await ensurePartitions(db.owner, now, 1)
  await db.close()
  try {
    await onServer(serverUrl, `ALTER DATABASE ${unfinished} RENAME TO ${name}`)
  } catch (error) {
    await onServer(serverUrl, `DROP DATABASE ${unfinished}`)
    if (!(await databaseExists(serverUrl, name))) throw error
  }
}

// The name changes with the migrations and with the day (partitions), so a server that is kept never gives an old schema.
function templateName(): string {
  const folder = fileURLToPath(new URL('../migrations', import.meta.url))
  const hash = createHash('sha256').update(new Date().toISOString().slice(0, 10))
  for (const file of readdirSync(folder).toSorted()) hash.update(file).update(readFileSync(`${folder}/${file}`))
  return `groundtrack_template_${hash.digest('hex').slice(0, 12)}`
}

async function databaseExists(serverUrl: string, name: string): Promise<boolean> {
  return withClient(serverUrl, async (client) => (await client.query('select from pg_database where datname = $1', [name])).rowCount === 1)
}

async function onServer(serverUrl: string, statement: string): Promise<void> {
  await withClient(serverUrl, (client) => client.query(statement))
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}
