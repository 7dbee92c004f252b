import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolderOf, type Server } from './server.js'

export interface Postmaster {
  pid: number
  port: number
}

/**
 * The server that runs on this folder, from its postmaster.pid. After a crash that file may name a process that has nothing to do
 * with it (process ids start afresh in a container or after a reboot): it is removed then, for it would stop every start.
 */
export function findPostmaster(server: Pick<Server, 'folder'>): Postmaster | undefined {
  const dataFolder = dataFolderOf(server)
  const file = join(dataFolder, 'postmaster.pid')
  const lines = readLines(file)
  const pid = Number(lines?.[0])
  if (!lines || !Number.isInteger(pid) || pid <= 0) return undefined
  if (worksIn(pid, dataFolder)) return { pid, port: Number(lines[3]) }
  rmSync(file, { force: true })
  return undefined
}

function readLines(file: string): string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return undefined
  }
}

// A postmaster's working directory is its data folder, also when that was moved since. Another user's process can't be looked at,
// and can't be ours. Where there is no /proc, any PostgreSQL counts: better not to start than to start a second one.
function worksIn(pid: number, dataFolder: string): boolean {
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataFolder)
    } catch {
      return false
    }
  }
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).includes(
      'postgres',
    )
  } catch {
    return false
  }
}
