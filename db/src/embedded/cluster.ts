import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { run, type Account } from './run.js'
import { dataFolderOf, type Server } from './server.js'

/** The database user of the embedded server. */
export const USER = 'groundtrack'

/**
 * Makes the cluster of `server` unless it is there: UTF-8, locale C, connections over 127.0.0.1 with a random password only.
 * Made beside and renamed when complete, so one that was interrupted, or made twice at once, does no harm.
 */
export async function ensureCluster(server: Server, settings: readonly string[], log: (message: string) => void): Promise<void> {
  removeUnfinished(server.folder)
  if (!existsSync(join(dataFolderOf(server), 'PG_VERSION'))) {
    log('preparing PostgreSQL')
    const unfinished = `${server.folder}.${process.pid}-${randomBytes(4).toString('hex')}`
    await initializeCluster({ ...server, folder: unfinished })
    rename(unfinished, server)
  }
  writePrivateFile(join(dataFolderOf(server), 'groundtrack.conf'), `${settings.join('\n')}\n`, server.account)
}

/** The random password of this cluster, readable by its owner (and root) alone. */
export function readPassword(server: Pick<Server, 'folder'>): string {
  return readFileSync(passwordFileOf(server), 'utf8').trim()
}

/** Written whole, readable by the account alone. */
export function writePrivateFile(path: string, text: string, account: Account | undefined): void {
  writeFileSync(path, text, { mode: 0o600 })
  chmodSync(path, 0o600)
  if (account) chownSync(path, account.uid, account.gid)
}

function passwordFileOf({ folder }: Pick<Server, 'folder'>): string {
  return join(folder, 'password')
}

async function initializeCluster(server: Server): Promise<void> {
  const { folder, account, binaries } = server
  mkdirSync(folder, { mode: 0o700 })
  if (account) chownSync(folder, account.uid, account.gid)
  writePrivateFile(passwordFileOf(server), `${randomBytes(24).toString('hex')}\n`, account)
  const dataFolder = dataFolderOf(server)
  const { code, output } = await run(
    binaries.initdb,
    [
      '-D',
      dataFolder,
      '-U',
      USER,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFileOf(server)}`,
      '-E',
      'UTF8',
      '--locale=C',
      '--no-instructions',
    ],
    { account, cwd: folder, timeoutMs: 120_000 },
  )
  if (code !== 0) throw new Error(`initdb failed: ${output}`)
  appendFileSync(join(dataFolder, 'postgresql.conf'), "\ninclude 'groundtrack.conf'\n")
}

function rename(unfinished: string, server: Server): void {
  try {
    renameSync(unfinished, server.folder)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(join(dataFolderOf(server), 'PG_VERSION')))
      throw new Error(`${server.folder} is there but holds no database. Move it away and start again.`, { cause: error })
  }
}

/** Folders of processes that were killed while they made a cluster. */
function removeUnfinished(folder: string): void {
  const prefix = `${basename(folder)}.`
  for (const name of readdirSync(dirname(folder)).filter((entry) => entry.startsWith(prefix))) {
    if (!isAlive(Number(name.slice(prefix.length).split('-')[0]))) rmSync(join(dirname(folder), name), { recursive: true, force: true })
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
