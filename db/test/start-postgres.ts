import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { canEnter, chooseAccount } from '../src/embedded/account.js'
import { findBinaries, prepareBinaries } from '../src/embedded/binaries.js'
import { initializeCluster } from '../src/embedded/cluster.js'
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
  const native = findBinaries()
  const binaries = prepareBinaries(native, join(folder, 'binaries'), !canEnter(native, account))
  const server: Server = { binaries, folder: join(folder, 'server'), account }
  mkdirSync(server.folder)
  if (account) for (const owned of [folder, server.folder]) chownSync(owned, account.uid, account.gid)
  const password = randomBytes(16).toString('hex')
  await initializeCluster({ ...server, password, settings: SETTINGS })
  const port = await findFreePort()
  await startServer(server, port)
  const url = `postgres://groundtrack:${password}@127.0.0.1:${port}/postgres`
  await createTemplateDatabase(url)
  process.env[VARIABLE] = url
  return async () => {
    await stopServer(server, 'immediate')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Servers of runs that were killed. */
async function removeLeftovers(account: Server['account']): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    if (isAlive(Number(name.slice(PREFIX.length).split('-')[0]))) continue
    const folder = join(tmpdir(), name)
    const native = findBinaries()
    const binaries = prepareBinaries(native, join(folder, 'binaries'), !canEnter(native, account))
    await stopServer({ binaries, folder: join(folder, 'server'), account }, 'immediate').catch(() => undefined)
    rmSync(folder, { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
