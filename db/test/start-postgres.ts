import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chooseAccount } from '../src/embedded/account.js'
import { findBinaries, prepareBinaries } from '../src/embedded/binaries.js'
import { urlOf } from '../src/embedded/bring-up.js'
import { ensureCluster, isAlive } from '../src/embedded/cluster.js'
import { findFreePort } from '../src/embedded/port.js'
import { startServer, stopServer, type Server } from '../src/embedded/server.js'
import { createTemplateDatabase } from '../src/testing.js'

const VARIABLE = 'GROUNDTRACK_TEST_POSTGRES_URL'
const PREFIX = 'groundtrack-test-postgres-'

// Durability off: these databases live for one test run.
const SETTINGS = [
  'fsync = off',
  'full_page_writes = off',
  'max_connections = 200',
  'shared_buffers = 64MB',
  'max_wal_size = 1GB',
  'autovacuum_naptime = 10min',
]

/** vitest's global setup: one PostgreSQL for the run, or the one that GROUNDTRACK_TEST_POSTGRES_URL names. */
export async function setup(): Promise<() => Promise<void>> {
  const given = process.env[VARIABLE]
  if (given) {
    await createTemplateDatabase(given)
    return async () => {}
  }
  const account = chooseAccount()
  await removeLeftovers(account)
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
  if (account) chownSync(folder, account.uid, account.gid)
  const server = serverIn(folder, account)
  await ensureCluster(server, SETTINGS, () => {})
  const port = await findFreePort()
  await startServer(server, port)
  const url = urlOf(server, port, 'postgres')
  await createTemplateDatabase(url)
  process.env[VARIABLE] = url
  return async () => {
    await stopServer(server, 'immediate')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Servers of runs that were killed; another user's can't be removed, and don't matter. */
async function removeLeftovers(account: Server['account']): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    if (isAlive(Number(name.slice(PREFIX.length).split('-')[0]))) continue
    const folder = join(tmpdir(), name)
    try {
      await stopServer(serverIn(folder, account), 'immediate')
      rmSync(folder, { recursive: true, force: true })
    } catch {
      continue
    }
  }
}

function serverIn(folder: string, account: Server['account']): Server {
  const binaries = prepareBinaries(findBinaries(), join(folder, 'binaries'), account)
  return { binaries, folder: join(folder, 'server'), account }
}
