import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { binariesVersion, findBinaries } from './binaries.js'
import { boundLog } from './bound-log.js'
import { bringUp, urlOf } from './bring-up.js'
import { ensureCluster, USER } from './cluster.js'
import { AlreadyRunningError, openGuard, type Guard } from './guard.js'
import { layOut } from './layout.js'
import { dataFolderOf, logFileOf, stopServer, type Server } from './server.js'
import { embeddedSettings } from './settings.js'

export interface EmbeddedOptions {
  /** Made if absent; may be given to one collector at a time. */
  dataDir: string
  log: (message: string) => void
}

/** A running PostgreSQL of our own. When it dies it is started again on the same port. */
export interface EmbeddedPostgres {
  readonly url: string
  /** Tells a second collector on the same folder where this one is. */
  announce(collectorUrl: string): Promise<void>
  stop(): Promise<void>
}

const RETRY_MS = 200
const LOG_CHECK_MS = 60_000
const DATABASE = USER

/**
 * Starts PostgreSQL on `dataDir`, or takes on one that a killed collector left running there. Throws AlreadyRunningError where another
 * collector uses the folder, and an Error that says what to do where PostgreSQL can't run.
 */
export async function startEmbedded({ dataDir, log }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const server = layOut(dataDir, log)
  await ensureCluster(server, embeddedSettings(), log)
  refuseOtherMajor(server)
  boundLog(logFileOf(server))
  const port = await bringUp(server, log)
  const guard = await openGuard(urlOf(server, port, 'postgres'))
  await ensureDatabase(urlOf(server, port, 'postgres'))
  return new Supervisor(server, port, guard, log)
}

class Supervisor implements EmbeddedPostgres {
  readonly url: string
  readonly #server: Server
  readonly #port: number
  readonly #log: (message: string) => void
  readonly #logCheck: NodeJS.Timeout
  #guard: Guard
  #collectorUrl: string | undefined
  #stopping = false
  #recovery: Promise<void> | undefined

  constructor(server: Server, port: number, guard: Guard, log: (message: string) => void) {
    this.#server = server
    this.#port = port
    this.#guard = guard
    this.#log = log
    this.url = urlOf(server, port, DATABASE)
    this.#logCheck = setInterval(() => boundLog(logFileOf(server)), LOG_CHECK_MS)
    this.#logCheck.unref()
    this.#watch(guard)
  }

  async announce(collectorUrl: string): Promise<void> {
    this.#collectorUrl = collectorUrl
    await this.#guard.announce(collectorUrl)
  }

  async stop(): Promise<void> {
    if (this.#stopping) return
    this.#stopping = true
    clearInterval(this.#logCheck)
    await this.#recovery
    await this.#guard.close()
    await stopServer(this.#server, 'fast')
  }

  // The guard's connection ends the moment the server dies, so nothing has to be polled.
  #watch(guard: Guard): void {
    guard.onLost(() => {
      if (!this.#stopping) this.#recovery = this.#recover()
    })
  }

  async #recover(): Promise<void> {
    let told = false
    while (!this.#stopping) {
      try {
        await bringUp(this.#server, this.#log, this.#port)
        this.#guard = await openGuard(urlOf(this.#server, this.#port, 'postgres'))
        if (this.#collectorUrl) await this.#guard.announce(this.#collectorUrl)
        this.#watch(this.#guard)
        return
      } catch (error) {
        if (!told) this.#log(`PostgreSQL stopped and is being started again: ${error instanceof Error ? error.message : String(error)}`)
        told = true
        if (error instanceof AlreadyRunningError) await delay(5_000)
        await delay(RETRY_MS)
      }
    }
  }
}

function refuseOtherMajor(server: Server): void {
  const data = readFileSync(join(dataFolderOf(server), 'PG_VERSION'), 'utf8').trim()
  const ours = binariesVersion(findBinaries()).split('.')[0]
  if (data === ours) return
  throw new Error(
    `The data in ${server.folder} belong to PostgreSQL ${data}, this Groundtrack brings ${ours}. Use the Groundtrack that made them, or set GROUNDTRACK_DATA_DIR to another folder.`,
  )
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (!rowCount) await client.query(`CREATE DATABASE ${DATABASE}`)
  } finally {
    await client.end()
  }
}
