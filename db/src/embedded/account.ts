import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Account } from './run.js'

/** PostgreSQL refuses to run as root: then it runs as `postgres`, else as `nobody`. Undefined: as ourselves. */
export function chooseAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const account = findAccount(name)
    if (account) return account
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody. Start Groundtrack as an ordinary user.',
  )
}

/** Whether the account may enter `folder` and all its parents, by their permission bits. */
export function canEnter(folder: string, account: Account | undefined): boolean {
  if (!account) return true
  const { mode, uid, gid } = statSync(folder)
  const bits = uid === account.uid ? mode >> 6 : gid === account.gid ? mode >> 3 : mode
  if ((bits & 1) === 0) return false
  const parent = dirname(folder)
  return parent === folder || canEnter(parent, account)
}

/** The account with this user id, as far as this machine knows its name. */
export function accountOf(uid: number, gid: number): Account {
  return { name: passwdLine(String(uid))?.split(':')[0] ?? String(uid), uid, gid }
}

function findAccount(name: string): Account | undefined {
  const line = passwdLine(name)?.split(':')
  return line ? { name, uid: Number(line[2]), gid: Number(line[3]) } : undefined
}

// getent knows accounts that are not in the file; it is absent on macOS and in small images.
function passwdLine(nameOrId: string): string | undefined {
  try {
    return execFileSync('getent', ['passwd', nameOrId], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
    return lines.find((line) => [line.split(':')[0], line.split(':')[2]].includes(nameOrId))
  }
}
