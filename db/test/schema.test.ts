import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openDatabase } from '../src/pool.js'
import { createTestDatabase } from '../src/testing.js'
import { dumpSchema } from './dump-schema.js'

const FILE = new URL('../schema.sql', import.meta.url)
const HEADER = `-- What the migrations add up to, to be read. Made by: UPDATE_SCHEMA=1 npx vitest run db/test/schema\n\n`

test('schema.sql shows what the migrations make', async () => {
  const database = await createTestDatabase()
  const db = openDatabase({ url: database.url })

  const schema = HEADER + (await dumpSchema(db.owner))

  await db.close()
  await database.drop()
  if (process.env['UPDATE_SCHEMA']) writeFileSync(FILE, schema)
  expect(schema).toContain('CREATE TABLE event (')
  expect(readFileSync(FILE, 'utf8')).toBe(schema)
})
