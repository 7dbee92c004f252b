import { join } from 'node:path'
import type { Binaries } from './binaries.js'
import { run, type Account } from './run.js'

/** One PostgreSQL server: where its files are and who runs it. */
export interface Server {
  binaries: Binaries
  /** Holds `data` and `postgres.log`. */
  folder: string
  account: Account | undefined
}

const START_TIMEOUT_SECONDS = 60

export function dataFolderOf(server: Pick<Server, 'folder'>): string {
  return join(server.folder, 'data')
}

export function logFileOf(server: Pick<Server, 'folder'>): string {
  return join(server.folder, 'postgres.log')
}

/** Starts the server and waits until it takes connections; throws with what pg_ctl said. */
export async function startServer(server: Server, port: number): Promise<void> {
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=`
  const { code, output } = await control(server, [
    'start',
    '-w',
    '-t',
    String(START_TIMEOUT_SECONDS),
    '-l',
    logFileOf(server),
    '-o',
    options,
  ])
  if (code !== 0) throw new Error(`PostgreSQL did not start: ${lastLine(output)} Its log is ${logFileOf(server)}.`)
}

/** `fast` ends sessions and writes everything; `immediate` is a crash. Fine where it does not run. */
export async function stopServer(server: Server, mode: 'fast' | 'immediate'): Promise<void> {
  await control(server, ['stop', '-w', '-t', String(START_TIMEOUT_SECONDS), '-m', mode])
}

export async function isServerRunning(server: Server): Promise<boolean> {
  return (await control(server, ['status'])).code === 0
}

function control(server: Server, args: string[]) {
  return run(server.binaries.pgCtl, ['-D', dataFolderOf(server), ...args], {
    account: server.account,
    cwd: server.folder,
    timeoutMs: (START_TIMEOUT_SECONDS + 10) * 1000,
  })
}

function lastLine(output: string): string {
  return output.split('\n').at(-1) ?? ''
}
