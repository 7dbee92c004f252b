import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ensurePartitions, openDatabase, readDurability } from '@groundtrack/db'
import type { Logger } from 'pino'
import { buildApp } from '../app.js'
import type { Config } from '../config.js'
import { scheduleJobs } from '../jobs/schedule.js'
import { upkeepJobs } from '../jobs/upkeep-jobs.js'
import { describeDatabase, prepareDatabase, startDatabase } from './database.js'
import { listen } from './listen.js'
import { createLog } from './log.js'
import { onStopSignal } from './stop-signal.js'
import { readVersion } from './version.js'

/** What has to be undone, in reverse order. */
type CleanUp = (() => Promise<unknown>)[]

/** Requests in flight have 10 s; whatever hangs longer than this is left behind. */
const STOP_WITHIN_MS = 30_000

/** `groundtrack serve`: runs until it is told to stop, then finishes what is in flight and stops what it started. */
export async function serve(config: Config): Promise<void> {
  const stop = onStopSignal()
  const log = createLog(config.logLevel, process.stderr.isTTY)
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'a promise was rejected that nobody handles; stopping')
    process.exitCode = 1
    stop.request()
  })
  console.log(`Groundtrack ${readVersion()}: ${describeDatabase(config)}`)

  const cleanUp: CleanUp = []
  try {
    const url = await start(config, log, stop.signal, cleanUp)
    console.log(welcome(url))
    await stop.asked
  } catch (error) {
    if (!stop.signal.aborted) throw error
  } finally {
    if (stop.signal.aborted) console.log('stopping')
    setTimeout(() => {
      log.fatal('stopping takes too long; ending at once')
      process.exit(1)
    }, STOP_WITHIN_MS).unref()
    for (const undo of cleanUp.toReversed()) await undo()
  }
  console.log('stopped')
}

/** Starts everything in order and answers the collector's address; stops between two steps when `signal` is aborted. */
async function start(config: Config, log: Logger, signal: AbortSignal, cleanUp: CleanUp): Promise<string> {
  const now = Date.now
  const embedded = config.databaseUrl === undefined ? await startDatabase(config.dataDir, console.log) : undefined
  if (embedded) cleanUp.push(() => embedded.stop())
  signal.throwIfAborted()

  const databaseUrl = config.databaseUrl ?? embedded?.url ?? ''
  const applied = await prepareDatabase(databaseUrl)
  if (applied.length > 0) console.log(`migrated: ${applied.join(', ')}`)
  signal.throwIfAborted()

  const db = openDatabase({ url: databaseUrl, applicationName: 'groundtrack' })
  cleanUp.push(() => db.close())
  await ensurePartitions(db.owner, new Date(now()))
  const durability = await readDurability(db.ingest)
  if (durability.level === 'unsafe')
    log.warn({ settings: durability.settings }, 'PostgreSQL may lose committed events when its machine stops')
  if (db.roles === 'owner_only')
    log.warn('the database user may not use the roles groundtrack_ingest and groundtrack_read: everything runs with its own rights')
  signal.throwIfAborted()

  const appOptions = { db, config, log, durability: durability.level }
  const app = await buildApp(appOptions)
  cleanUp.push(() => app.close())
  const port = await listen(app, config.host, config.port)
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`
  await embedded?.announce(url)

  const jobs = scheduleJobs(upkeepJobs({ db, config, log, now }), log)
  cleanUp.push(() => jobs.stop())
  return url
}

function welcome(url: string): string {
  const inClone = existsSync(fileURLToPath(new URL('../../../e2e/package.json', import.meta.url)))
  return [
    '',
    `  Viewer   ${url}`,
    `  Ingest   ${url}/v1/batches`,
    `  Try it   curl -d '{"message":"hello"}' ${url}/v1/events`,
    ...(inClone ? ['  Demo     npm run demo'] : []),
    '',
    'Groundtrack is ready. Ctrl-C stops it.',
  ].join('\n')
}
