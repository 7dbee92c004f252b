import { lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'groundtrack-demo-'

/** What the processes of the shop share. */
export interface ShopFolder {
  root: string
  /** The mailer's mails. */
  outbox: string
  /** The customers' carts, for both nodes of cart. */
  carts: string
}

/** Makes an empty folder, named after this process, and removes those of demos whose processes were all killed. */
export async function makeShopFolder(parent: string = tmpdir()): Promise<ShopFolder> {
  await removeLeftOver(parent)
  const root = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`))
  const folder = { root, outbox: join(root, 'outbox'), carts: join(root, 'carts') }
  await Promise.all([folder.outbox, folder.carts].map((path) => mkdir(path)))
  return folder
}

// Only what is a folder and our own: others write to the same place, and root could remove anything there.
async function removeLeftOver(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = Number(/^(\d+)-/.exec(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : '')?.[1])
    if (!pid || isAlive(pid)) continue
    const folder = join(parent, name)
    const found = await lstat(folder).catch(() => undefined)
    if (found?.isDirectory() && found.uid === process.getuid?.()) await rm(folder, { recursive: true, force: true })
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
