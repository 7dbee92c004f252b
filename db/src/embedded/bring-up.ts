import { readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { classifyError } from '../errors.js'
import { readPassword, USER, writePrivateFile } from './cluster.js'
import { findFreePort, isFree } from './port.js'
import { findPostmaster } from './postmaster.js'
import { dataFolderOf, logFileOf, startServer, stopServer, type Server } from './server.js'

const PATIENCE_MS = 60_000
/** Reasons that pass by themselves: processes of a killed server still end, another collector starts the same one, the port was just taken. */
const PASSING = /pre-existing shared memory|lock file|address already in use|could not create any TCP\/IP sockets/i

/** The address of a database of this server. */
export function urlOf(server: Server, port: number, database: string): string {
  return `postgres://${USER}:${readPassword(server)}@127.0.0.1:${port}/${database}`
}

/**
 * Answers the port of the running server: one left over by a collector that was killed is taken on, if folder and password
 * match; any other on this folder is stopped; else a new one is started, on `port` if given.
 */
export async function bringUp(server: Server, log: (message: string) => void, port?: number): Promise<number> {
  const deadline = performance.now() + PATIENCE_MS
  let replaced = false
  for (;;) {
    const running = findPostmaster(server)
    const state = running ? await probe(server, running.port) : 'absent'
    if (running && state === 'ours') return running.port
    if (state === 'foreign') {
      await stopServer(server, 'fast')
      if (replaced) throw new Error(`The password in ${server.folder}/password does not open the PostgreSQL in ${dataFolderOf(server)}.`)
      replaced = true
    }
    const failure =
      state === 'changing' ? 'it neither started nor stopped' : await tryStart(server, port ?? (await choosePort(server)), log)
    if (failure === undefined) continue
    if (performance.now() > deadline || !(state === 'changing' || PASSING.test(failure)))
      throw new Error(`PostgreSQL does not start: ${failure}. Its log is ${logFileOf(server)}.`)
    await delay(100)
  }
}

/** `changing`: starting or stopping. */
async function probe(server: Server, port: number): Promise<'ours' | 'foreign' | 'changing'> {
  const client = new Client({ connectionString: urlOf(server, port, 'postgres'), connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ folder: string }>("select current_setting('data_directory') as folder")
    return rows[0] && realpathSync(rows[0].folder) === realpathSync(dataFolderOf(server)) ? 'ours' : 'foreign'
  } catch (error) {
    return classifyError(error) === 'unavailable' ? 'changing' : 'foreign'
  } finally {
    await client.end()
  }
}

/** Answers why it did not start. */
async function tryStart(server: Server, port: number, log: (message: string) => void): Promise<string | undefined> {
  log('starting PostgreSQL')
  const logged = sizeOf(logFileOf(server))
  try {
    await startServer(server, port)
    return undefined
  } catch (error) {
    return fatalLines(logFileOf(server), logged) || (error instanceof Error ? error.message : String(error))
  }
}

// The same port each time, so that connections find a restarted server; another only when that one is taken.
async function choosePort(server: Server): Promise<number> {
  const file = join(server.folder, 'port')
  const remembered = readPort(file)
  if (remembered && (await isFree(remembered))) return remembered
  const port = await findFreePort()
  writePrivateFile(file, `${port}\n`, server.account)
  return port
}

function readPort(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function fatalLines(file: string, from: number): string {
  if (sizeOf(file) <= from) return ''
  const lines = readFileSync(file).subarray(from).toString().split('\n')
  return lines
    .filter((line) => /FATAL|PANIC/.test(line))
    .map((line) => line.replace(/^.*?(FATAL|PANIC): */, ''))
    .join('; ')
}
