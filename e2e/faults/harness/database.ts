import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '@groundtrack/db'
import pg from 'pg'

export interface FaultyServer {
  /** A new, empty database; answers its address. */
  createDatabase(): Promise<string>
  /** Kills the postmaster, and returns once another one takes connections. */
  crash(): Promise<void>
  remove(): Promise<void>
}

// A commit that doesn't wait for its WAL then surely loses it in a crash; one that waits never does.
const LAZY_WAL = ["wal_writer_delay = '10s'", "wal_writer_flush_after = '1GB'"]
const RECOVERY_TIMEOUT_MS = 30_000

/** A PostgreSQL of its own that comes back by itself after each crash, as the collector's embedded one does. */
export async function startServer(): Promise<FaultyServer> {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrack-faults-'))
  chmodSync(folder, 0o755)
  const server = await startEmbedded({ dataDir: folder, log: () => {} })
  const client = await connect(server.url)
  for (const setting of LAZY_WAL) await client.query(`alter system set ${setting}`)
  await client.query('select pg_reload_conf()')
  await client.end()

  return {
    async createDatabase() {
      const name = `run_${randomBytes(6).toString('hex')}`
      const admin = await connect(server.url)
      await admin.query(`create database ${name}`)
      await admin.end()
      const url = new URL(server.url)
      url.pathname = `/${name}`
      return url.href
    },
    async crash() {
      const pid = readPostmaster(folder)
      process.kill(pid, 'SIGKILL')
      const giveUpAt = performance.now() + RECOVERY_TIMEOUT_MS
      while (!(await takesConnections(server.url)) || readPostmaster(folder) === pid) {
        if (performance.now() > giveUpAt) throw new Error('PostgreSQL did not come back')
      }
    },
    async remove() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function readPostmaster(folder: string): number {
  try {
    return Number(readFileSync(join(folder, 'postgres/data/postmaster.pid'), 'utf8').split('\n', 1)[0])
  } catch {
    return 0
  }
}

async function takesConnections(url: string): Promise<boolean> {
  try {
    const client = await connect(url)
    await client.query('select 1')
    await client.end()
    return true
  } catch {
    return false
  }
}

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  await client.connect()
  return client
}
