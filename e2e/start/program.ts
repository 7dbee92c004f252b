import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'

/** The folder of the clone. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const MAIN = join(ROOT, 'collector/dist/main.js')

export interface ProgramOptions {
  /** Default: node and the built collector. */
  command?: [string, ...string[]]
  args?: string[]
  env?: Record<string, string>
  cwd?: string
  /** Runs as this user; only root can. */
  uid?: number
}

/** A real process of the collector and what it has printed so far. */
export interface Program {
  readonly child: ChildProcess
  readonly stdout: string
  readonly stderr: string
  /** Resolves to the collector's address once it is ready. */
  ready(): Promise<string>
  /** Resolves to the exit code. */
  exited(): Promise<number | null>
  kill(signal: NodeJS.Signals): Promise<number | null>
}

/** Starts a collector on a free port with an environment of its own. It leads a process group, as a terminal's job does. */
export function startProgram({ command, args = [], env = {}, cwd = ROOT, uid }: ProgramOptions): Program {
  const [file, ...before] = command ?? [process.execPath, MAIN]
  const child = spawn(file, [...before, ...args], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], GROUNDTRACK_PORT: '0', ...env },
    ...(uid !== undefined && { uid, gid: uid }),
  })
  const printed = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (printed.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString()))
  const exit = once(child, 'close').then(([code]) => code as number | null)
  let ended = false
  void exit.then(() => (ended = true))

  const program: Program = {
    child,
    get stdout() {
      return printed.stdout
    },
    get stderr() {
      return printed.stderr
    },
    async ready() {
      await vi.waitUntil(() => ended || printed.stdout.includes('Groundtrack is ready'), { timeout: 60_000, interval: 20 })
      const url = /Viewer +(http:\S+)/.exec(printed.stdout)?.[1]
      if (!url) throw new Error(`The collector did not start.\n${printed.stdout}\n${printed.stderr}`)
      return url
    },
    exited: () => exit,
    async kill(signal) {
      child.kill(signal)
      return exit
    },
  }
  return program
}

/** A folder for one test that any user may enter; removed by `cleanUp`. */
export function makeFolder(uid?: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrack start '))
  chmodSync(folder, 0o755)
  if (uid !== undefined) chownSync(folder, uid, uid)
  return folder
}

/** The process id of the PostgreSQL in a data folder; undefined when none runs. */
export function findPostgres(dataDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 0)
    return pid
  } catch {
    return undefined
  }
}

/** Ends what a test has left behind. */
export async function cleanUp(programs: Program[], folders: string[]): Promise<void> {
  for (const program of programs.splice(0)) {
    const { pid, exitCode, signalCode } = program.child
    if (pid === undefined || exitCode !== null || signalCode !== null) continue
    process.kill(-pid, 'SIGKILL')
    await program.exited()
  }
  for (const folder of folders.splice(0)) {
    for (const dataDir of [join(folder, 'data'), join(folder, 'groundtrack')]) {
      const postgres = findPostgres(dataDir)
      if (postgres !== undefined) process.kill(postgres, 'SIGQUIT')
      await vi.waitUntil(() => findPostgres(dataDir) === undefined, { timeout: 10_000 })
    }
    rmSync(folder, { recursive: true, force: true })
  }
}
