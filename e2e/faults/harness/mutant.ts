import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One change to the built files: `from` must stand there exactly once. */
export interface Change {
  file: string
  from: string
  to: string
}

export interface Mutant {
  name: string
  changes: readonly Change[]
}

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** The collector with one of its safeguards taken out. */
export const MUTANTS = {
  answersBeforeCommit: {
    name: 'answers before the commit',
    changes: [
      {
        file: 'collector/dist/ingest/writer.js',
        from: 'return await outcome;',
        to: "outcome.catch(() => {}); return { kind: 'stored', stored: 0, rejected: [] };",
      },
    ],
  },
  keepsNoLedger: {
    name: 'keeps no ledger',
    changes: [
      { file: 'collector/dist/ingest/flush.js', from: 'ranges.length > 0 ?', to: 'false ?' },
      { file: 'collector/dist/ingest/consult-ledger.js', from: 'if (ranges.length > 0)', to: 'if (false)' },
    ],
  },
  commitsWithoutWaiting: {
    name: 'commits without waiting for the disk',
    changes: [{ file: 'db/dist/queries/flush-transaction.js', from: 'synchronous_commit TO on', to: 'synchronous_commit TO off' }],
  },
} as const satisfies Record<string, Mutant>

/** Builds the mutant in a new folder, which the caller removes; answers the folder and its main.js. */
export function makeMutant({ changes }: Mutant): { folder: string; main: string } {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrack-mutant-'))
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '@groundtrack'), { recursive: true })
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@groundtrack' && !name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
  }
  for (const part of ['collector/dist', 'collector/package.json', 'db/dist', 'db/migrations', 'db/package.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true })
  }
  symlinkSync(join(folder, 'db'), join(modules, '@groundtrack/db'))
  for (const { file, from, to } of changes) {
    const path = join(folder, file)
    const parts = readFileSync(path, 'utf8').split(from)
    if (parts.length !== 2) throw new Error(`${file} holds ${JSON.stringify(from)} ${parts.length - 1} times: the mutant is out of date`)
    writeFileSync(path, parts.join(to))
  }
  return { folder, main: join(folder, 'collector/dist/main.js') }
}
