import { randomBytes } from 'node:crypto'
import { mkdirSync, readlinkSync, realpathSync, statSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { accountOf, canEnter, chooseAccount } from './account.js'
import { binariesVersion, findBinaries, prepareBinaries } from './binaries.js'
import type { Account } from './run.js'
import type { Server } from './server.js'

const SHARED_FOLDER = '/var/lib/groundtrack'

/**
 * Says where the embedded server lives: in `dataDir`/postgres. Started as root, PostgreSQL runs as another account; where that one
 * may not enter `dataDir`, its files lie in a folder of their own under /var/lib/groundtrack and `dataDir`/postgres links to it.
 */
export function layOut(dataDir: string, log: (message: string) => void): Server {
  const home = resolve(dataDir)
  mkdirSync(home, { recursive: true, mode: process.getuid?.() === 0 ? 0o755 : 0o700 })
  const account = ownerOf(join(home, 'postgres')) ?? chooseAccount()
  const folder = canEnter(home, account) ? join(realpathSync(home), 'postgres') : linkedFolder(home, account, log)
  const native = findBinaries()
  const copyTo = join(account ? SHARED_FOLDER : home, `binaries-${binariesVersion(native)}`)
  return { binaries: prepareBinaries(native, copyTo, account), folder, account }
}

// A server made by one user goes on under that user when root starts it.
function ownerOf(folder: string): Account | undefined {
  const owner = statSync(folder, { throwIfNoEntry: false })
  const uid = process.getuid?.()
  if (!owner || uid === undefined) return undefined
  if (uid === 0) return owner.uid === 0 ? undefined : accountOf(owner.uid, owner.gid)
  if (owner.uid === uid) return undefined
  throw new Error(
    `${folder} belongs to another user, because Groundtrack was started as that user before (or as root). Start it so again, or set GROUNDTRACK_DATA_DIR to another folder.`,
  )
}

function linkedFolder(home: string, account: Account | undefined, log: (message: string) => void): string {
  const link = join(home, 'postgres')
  const fresh = join(SHARED_FOLDER, randomBytes(6).toString('hex'), 'postgres')
  try {
    symlinkSync(fresh, link)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  const folder = readlinkSync(link)
  mkdirSync(resolve(folder, '..'), { recursive: true, mode: 0o755 })
  log(`PostgreSQL runs as user ${account?.name ?? ''}, who may not enter ${home}: its files lie in ${folder}`)
  return folder
}
