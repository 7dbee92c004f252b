import type { FastifyBaseLogger } from 'fastify'
import {
  dropNodeChanges,
  dropPartitions,
  dropRequestKeys,
  ensurePartitions,
  forgetBreakers,
  forgetProducers,
  listPartitions,
  measureSize,
  mergeLedger,
  rollUpCalls,
  type Database,
} from '@groundtrack/db'
import type { Config } from '../config.js'
import type { Job } from './schedule.js'

export interface UpkeepOptions {
  db: Database
  config: Pick<Config, 'retentionDays' | 'maxDiskBytes'>
  log: FastifyBaseLogger
  /** Milliseconds since the epoch. */
  now: () => number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Readers add up what is not moved yet, so it is to stay little. */
const ROLL_UP_MS = 5_000
/** A repeated request is recognised for that long. */
const REQUEST_KEY_LIFE_MS = 10 * MINUTE_MS
/** For that long a copied process that counts on under its original's id is told apart from a retry, by the digest of each batch. */
const DIGEST_LIFE_MS = DAY_MS
/** A retry within that time is a duplicate. */
const LEDGER_LIFE_MS = 90 * DAY_MS

/** What keeps the tables in shape while a collector runs. Several collectors may do it at once. */
export function upkeepJobs(options: UpkeepOptions): Job[] {
  const { db, now } = options
  return [
    { name: 'partitions', everyMs: HOUR_MS, work: async () => void (await ensurePartitions(db.owner, new Date(now()))) },
    { name: 'retention', everyMs: 5 * MINUTE_MS, work: () => dropOld(options) },
    {
      name: 'request keys',
      everyMs: MINUTE_MS,
      work: async () => void (await dropRequestKeys(db.owner, new Date(now() - REQUEST_KEY_LIFE_MS))),
    },
    { name: 'calls', everyMs: ROLL_UP_MS, work: async () => void (await rollUpCalls(db.owner, new Date(now()))) },
    { name: 'breakers', everyMs: HOUR_MS, work: () => forgetOldBreakers(options) },
    {
      name: 'history of nodes',
      everyMs: HOUR_MS,
      work: async () => void (await dropNodeChanges(db.owner, new Date(now() - options.config.retentionDays * DAY_MS))),
    },
    { name: 'ledger', everyMs: HOUR_MS, work: () => tidyLedger(options) },
  ]
}

/** Forgets breakers whose processes are gone for longer than their history. */
async function forgetOldBreakers({ db, config, now }: UpkeepOptions): Promise<void> {
  await forgetBreakers(db.owner, new Date(now() - config.retentionDays * DAY_MS))
}

/** Joins the ledger's ranges that follow one another, and forgets producers that were silent for as long as a retry may take. */
export async function tidyLedger({ db, log, now }: Pick<UpkeepOptions, 'db' | 'log' | 'now'>): Promise<void> {
  const merged = await mergeLedger(db.owner, new Date(now() - DIGEST_LIFE_MS))
  const forgotten = await forgetProducers(db.owner, new Date(now() - LEDGER_LIFE_MS))
  if (merged + forgotten > 0) log.info({ ranges: merged, producers: forgotten }, 'tidied the ledger')
}

/**
 * Drops the days that are past retention, but for kept sessions; then, while the tables are over the disk budget, the oldest one,
 * but never today.
 */
export async function dropOld({ db, config, log, now }: UpkeepOptions): Promise<void> {
  const expired = await dropPartitions(db.owner, new Date(now() - config.retentionDays * DAY_MS))
  if (expired.length > 0) log.info({ partitions: expired }, 'dropped what is older than the retention')
  if (config.maxDiskBytes === undefined) return

  while ((await measureSize(db.owner)) > config.maxDiskBytes) {
    const oldest = (await listPartitions(db.owner)).find(({ keptDigest }) => keptDigest === null)
    if (!oldest || oldest.to.getTime() > now()) {
      log.warn({ maxDiskBytes: config.maxDiskBytes }, 'the events of today and of kept sessions alone are over GROUNDTRACK_MAX_DISK')
      return
    }
    const dropped = await dropPartitions(db.owner, oldest.to)
    if (dropped.length === 0) return // another collector is at it
    log.warn({ partitions: dropped, maxDiskBytes: config.maxDiskBytes }, 'dropped the oldest day to stay under GROUNDTRACK_MAX_DISK')
  }
}
