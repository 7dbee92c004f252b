import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { chooseAccount } from '../src/embedded/account.js'
import { findBinaries, prepareBinaries, type Binaries } from '../src/embedded/binaries.js'
import { urlOf } from '../src/embedded/bring-up.js'
import { ensureCluster } from '../src/embedded/cluster.js'
import { findFreePort } from '../src/embedded/port.js'
import { startServer, stopServer, type Server } from '../src/embedded/server.js'
import { migrate } from '../src/migrate.js'
import { ensurePartitions } from '../src/partitions.js'
import { openDatabase } from '../src/pool.js'
import { keepSession } from '../src/queries/kept-session.js'
import { dropPartitions } from '../src/retention.js'
import { TEST_INSTANT } from '../src/testing.js'
import { DAY_AFTER, insertOldDay, KEPT, listStored, OLD_DAY, ONLY_KEPT } from './old-day.test-kit.js'

const DEBIAN_FOLDER = '/usr/lib/postgresql'
const MIGRATIONS = readdirSync(new URL('../migrations', import.meta.url))
  .toSorted()
  .map((file) => file.replace('.sql', ''))

const folder = mkdtempSync(join(tmpdir(), 'groundtrack-oldest-'))
const account = chooseAccount()
chmodSync(folder, 0o755)
if (account) chownSync(folder, account.uid, account.gid)

const system = findSystemPostgres()
const server: Server = {
  binaries: system?.binaries ?? prepareBinaries(findBinaries(), join(folder, 'binaries'), account),
  folder: join(folder, 'server'),
  account,
}

afterAll(async () => {
  await stopServer(server, 'immediate')
  rmSync(folder, { recursive: true, force: true })
})

const name = system
  ? `PostgreSQL ${system.version} of this machine`
  : `the embedded PostgreSQL, since ${DEBIAN_FOLDER} holds no PostgreSQL 15 or later`

test(`the schema and its partitions can be made on ${name}, by several collectors at once, and an old day cleared`, async () => {
  await ensureCluster(server, ['fsync = off'], () => {})
  const port = await findFreePort()
  await startServer(server, port)
  const url = urlOf(server, port, 'postgres')

  const applied = await Promise.all([migrate(url), migrate(url), migrate(url)])

  const db = openDatabase({ url })
  const made = await ensurePartitions(db.owner, OLD_DAY, 1)
  await db.ingest.query("insert into flush values ('2026-01-15T12:00:00Z', 1, 1, 0)")
  const { rows } = await db.read.query('select flush_no from flush')
  await insertOldDay(db)
  await keepSession(db.ingest, { projectId: 1, session: KEPT }, TEST_INSTANT)
  const cleared = await dropPartitions(db.owner, DAY_AFTER)
  const sessions = await listStored(db)
  await db.close()
  expect(applied.flat()).toEqual(MIGRATIONS)
  expect(made).toHaveLength(16)
  expect(cleared).toHaveLength(8)
  expect(sessions).toEqual(ONLY_KEPT)
  expect([rows, db.roles]).toEqual([[{ flush_no: '1' }], 'separate'])
})

function findSystemPostgres(): { version: number; binaries: Binaries } | undefined {
  const versions = listFolders(DEBIAN_FOLDER)
    .map(Number)
    .filter((version) => version >= 15)
  const version = Math.min(...versions)
  if (!Number.isFinite(version)) return undefined
  const root = join(DEBIAN_FOLDER, String(version))
  return { version, binaries: { root, initdb: join(root, 'bin/initdb'), pgCtl: join(root, 'bin/pg_ctl') } }
}

function listFolders(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
