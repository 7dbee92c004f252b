import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { inspectDatabase, type DatabaseFindings } from '@groundtrack/db'
import type { CollectorHealth } from '../../api.js'
import type { Config } from '../../config.js'
import { describeDatabase } from '../database.js'
import { askJson, type CollectorAddress } from './collector-client.js'
import { CommandError } from './command-error.js'
import type { Output } from './output.js'
import { paint, type Style } from './terminal.js'

interface Finding {
  verdict: 'fine' | 'warn' | 'bad'
  text: string
  /** What to do about it. */
  advice?: string
}

const SIGNS: Readonly<Record<Finding['verdict'], { sign: string; style: Style }>> = {
  fine: { sign: '✓', style: 'green' },
  warn: { sign: '!', style: 'yellow' },
  bad: { sign: '✕', style: 'red' },
}
const MAX_CLOCK_OFFSET_MS = 1_000
const LOW_BYTES = 2 ** 30
const LOW_SHARE = 0.1

/** Checks collector, database, clock and disk, and says what to do. Throws CommandError where something is broken. */
export async function runDoctor(config: Config, address: CollectorAddress, output: Output): Promise<void> {
  const findings = [...(await checkCollector(address)), ...(await checkDatabase(config)), ...(await checkDisk(config))]
  for (const { verdict, text, advice } of findings) {
    const { sign, style } = SIGNS[verdict]
    await output.write(`${paint(output.terminal, style, sign)} ${text}`)
    if (advice !== undefined) await output.write(`  ${paint(output.terminal, 'gray', advice)}`)
  }
  const broken = findings.filter(({ verdict }) => verdict === 'bad').length
  if (broken > 0) throw new CommandError(`${broken} of ${findings.length} checks failed.`)
}

async function checkCollector(address: CollectorAddress): Promise<Finding[]> {
  try {
    const health = await askJson<CollectorHealth>(address, '/healthz')
    const durability: Finding[] =
      health.durability === 'unsafe'
        ? [
            {
              verdict: 'bad',
              text: 'PostgreSQL may lose committed events',
              advice: 'Set fsync and full_page_writes to on in postgresql.conf.',
            },
          ]
        : []
    const state: Finding =
      health.status === 'ready'
        ? { verdict: 'fine', text: `collector ${health.version} at ${address.url} is ready` }
        : {
            verdict: 'bad',
            text: `the collector at ${address.url} can't store just now: database ${health.database}`,
            advice: 'See its log, and that PostgreSQL runs.',
          }
    return [state, ...durability]
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return [{ verdict: 'warn', text: error.message }]
  }
}

async function checkDatabase(config: Config): Promise<Finding[]> {
  const { databaseUrl } = config
  if (databaseUrl === undefined) return [{ verdict: 'fine', text: `embedded PostgreSQL, files in ${config.dataDir}` }]
  const named = describeDatabase(config)
  try {
    return [{ verdict: 'fine', text: named }, ...judgeDatabase(await inspectDatabase(databaseUrl))]
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [{ verdict: 'bad', text: `${named}: ${reason}`, advice: 'Check that PostgreSQL runs, and GROUNDTRACK_DATABASE_URL.' }]
  }
}

function judgeDatabase(found: DatabaseFindings): Finding[] {
  const offsetMs = Math.abs(found.clockOffsetMs)
  return [
    found.isSupported
      ? { verdict: 'fine', text: `PostgreSQL ${found.version}` }
      : { verdict: 'bad', text: `PostgreSQL ${found.version} is too old`, advice: 'PostgreSQL 15 or later is needed.' },
    found.unsafeSettings.length === 0
      ? { verdict: 'fine', text: 'committed events survive a loss of power (fsync, full_page_writes)' }
      : {
          verdict: 'bad',
          text: `committed events may be lost: ${found.unsafeSettings.join(', ')}`,
          advice: 'Set them to on in postgresql.conf and reload.',
        },
    found.pendingMigrations.length === 0
      ? { verdict: 'fine', text: 'the schema is up to date' }
      : {
          verdict: 'warn',
          text: `the schema lacks ${found.pendingMigrations.join(', ')}`,
          advice: 'groundtrack migrate applies them; so does the next start.',
        },
    found.hasRoles
      ? { verdict: 'fine', text: 'roles for ingest and reading are apart' }
      : {
          verdict: 'warn',
          text: 'everything runs with the rights of one database user',
          advice: 'A user with CREATEROLE can set up groundtrack_ingest and groundtrack_read.',
        },
    offsetMs <= MAX_CLOCK_OFFSET_MS
      ? { verdict: 'fine', text: `the database's clock and this machine's agree to ${Math.ceil(offsetMs)} ms` }
      : {
          verdict: 'warn',
          text: `the database's clock is ${(found.clockOffsetMs / 1_000).toFixed(1)} s off this machine's`,
          advice: 'Synchronise both by NTP.',
        },
  ]
}

async function checkDisk({ databaseUrl, dataDir }: Config): Promise<Finding[]> {
  if (databaseUrl !== undefined) return []
  let folder = dataDir
  while (!existsSync(folder)) folder = dirname(folder)
  const { bavail, blocks, bsize } = await statfs(folder)
  const freeBytes = bavail * bsize
  const free = `${(freeBytes / 2 ** 30).toFixed(1)} GiB free where the data lie (${dataDir})`
  if (freeBytes >= LOW_BYTES && bavail >= blocks * LOW_SHARE) return [{ verdict: 'fine', text: free }]
  return [
    { verdict: 'warn', text: `only ${free}`, advice: 'Free some, or bound the data by GROUNDTRACK_RETENTION and GROUNDTRACK_MAX_DISK.' },
  ]
}
