import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'groundtrack-demo-'

/** Makes an empty folder for the mailer's mails, named after this process, and removes those of demos that were killed. */
export async function makeOutbox(parent: string = tmpdir()): Promise<string> {
  await removeLeftOver(parent)
  return mkdtemp(join(parent, `${PREFIX}${process.pid}-`))
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
