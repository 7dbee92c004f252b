import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Binaries } from './binaries.js'
import { run, type Account } from './run.js'

export interface ClusterOptions {
  binaries: Binaries
  /** The server's own folder; made here, must not exist. */
  folder: string
  password: string
  account: Account | undefined
  /** Lines added to postgresql.conf. */
  settings: readonly string[]
}

/** Makes a database cluster that takes connections over 127.0.0.1 with this password only. */
export async function initializeCluster({ binaries, folder, password, account, settings }: ClusterOptions): Promise<void> {
  mkdirSync(folder, { mode: 0o700, recursive: true })
  if (account) chownSync(folder, account.uid, account.gid)
  const passwordFile = join(folder, '.initial-password')
  const dataFolder = join(folder, 'data')
  writePrivateFile(passwordFile, `${password}\n`, account)
  try {
    const result = await run(
      binaries.initdb,
      [
        '-D',
        dataFolder,
        '-U',
        'groundtrack',
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '-E',
        'UTF8',
        '--locale=C',
        '--no-instructions',
      ],
      { account, cwd: folder, timeoutMs: 120_000 },
    )
    if (result.code !== 0) throw new Error(`initdb failed: ${result.output}`)
  } finally {
    rmSync(passwordFile, { force: true })
  }
  writePrivateFile(join(dataFolder, 'groundtrack.conf'), `${settings.join('\n')}\n`, account)
  writePrivateFile(join(dataFolder, 'postgresql.auto.conf'), "include 'groundtrack.conf'\n", account)
}

/** Written whole, readable by the account alone. */
export function writePrivateFile(path: string, text: string, account: Account | undefined): void {
  writeFileSync(path, text, { mode: 0o600 })
  chmodSync(path, 0o600)
  if (account) chownSync(path, account.uid, account.gid)
}
