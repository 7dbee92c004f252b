import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { COPY_EVENTS, makeStamp, openDatabase, runScript, stampEvents, startEmbedded, type Database } from '@groundtrack/db'
import { INGEST_LIMITS } from '../src/ingest/limits.js'
import { decodeBatch } from '../src/ingest/native/decode-batch.js'
import type { LoadOptions, LoadReport } from './ingest-load.js'
import { makeWorkload } from './ingest-workload.js'

/**
 * Durable events a second, acknowledged over HTTP by a real collector, against one COPY of the same rows into a fresh copy of the
 * same table with its indexes, both on the same PostgreSQL in the same run.
 */

const EVENTS_PER_BATCH = 500
const ROUNDS = Number(process.argv[2] ?? 7)
const BATCHES_PER_PRODUCER = Number(process.argv[3] ?? 125)
const PRODUCERS = 8
const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))
const LOAD = fileURLToPath(new URL('./ingest-load.js', import.meta.url))
const STAMP = makeStamp(Date.now() * 1000, 1n)

const folder = mkdtempSync(join(tmpdir(), 'groundtrack-bench-'))
chmodSync(folder, 0o755)
const postgres = await startEmbedded({ dataDir: folder, log: () => {} })
const collector = await startCollector(postgres.url)
const db = openDatabase({ url: postgres.url })
try {
  await runLoad(10, 0)
  const rounds = []
  // The machine's speed drifts: each load is held against the mean of the baselines right before and right after it.
  let before = await runBaseline(0)
  for (let round = 1; round <= ROUNDS; round++) {
    const ingest = await runLoad(BATCHES_PER_PRODUCER, round)
    const after = await runBaseline(round)
    const baseline = (before + after) / 2
    before = after
    rounds.push({ ingest, baseline, ratio: ingest / baseline })
    console.log(
      `round ${round}: ingest ${Math.round(ingest)} events/s, COPY ${Math.round(baseline)} rows/s, ratio ${(ingest / baseline).toFixed(3)}`,
    )
  }
  const median = rounds.toSorted((a, b) => a.ratio - b.ratio)[rounds.length >> 1]
  if (!median) throw new Error('no round was run')
  console.log(
    JSON.stringify({
      bench: 'ingest',
      value: Math.round(median.ingest),
      unit: 'events/s',
      baseline: Math.round(median.baseline),
      baselineName: 'COPY',
      ratio: Number(median.ratio.toFixed(3)),
    }),
  )
} finally {
  collector.child.kill('SIGTERM')
  await once(collector.child, 'exit')
  await db.close()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** Events a second from the first request to the last acknowledgement. Fails unless the table holds exactly what was acknowledged. */
async function runLoad(batchesPerProducer: number, seed: number): Promise<number> {
  const before = await countRows(db)
  const options: LoadOptions = {
    port: collector.port,
    senders: 4,
    inFlight: 4,
    batchesPerProducer,
    eventsPerBatch: EVENTS_PER_BATCH,
    startMs: Date.now() - 60_000,
    seed,
  }
  const load = fork(LOAD, [JSON.stringify(options)])
  const died = once(load, 'exit').then(() => Promise.reject(new Error('the producers ended early')))
  died.catch(() => {})
  await Promise.race([once(load, 'message'), died])
  await db.owner.query('CHECKPOINT')
  load.send('go')
  const [report] = (await Promise.race([once(load, 'message'), died])) as [LoadReport]
  const stored = (await countRows(db)) - before
  if (stored !== report.events || stored !== batchesPerProducer * PRODUCERS * EVENTS_PER_BATCH)
    throw new Error(`${report.events} events acknowledged, ${stored} stored`)
  return report.events / report.seconds
}

/** Rows a second of one COPY of the rows that the collector makes of the same batches. */
async function runBaseline(seed: number): Promise<number> {
  const workload = makeWorkload({
    batchesPerProducer: BATCHES_PER_PRODUCER,
    eventsPerBatch: EVENTS_PER_BATCH,
    startMs: Date.now() - 60_000,
    seed,
  })
  const context = { projectId: 1, receivedMs: Date.now(), retentionMs: 7 * 86_400_000, limits: INGEST_LIMITS }
  const chunks: Buffer[] = []
  let rows = 0
  for (const { body } of workload[0]?.flatMap((_, i) => workload.flatMap((batches) => batches.slice(i, i + 1))) ?? []) {
    const batch = decodeBatch(body, context)
    if (!batch) throw new Error('an empty batch')
    chunks.push(stampEvents(batch.sink.rows.toBytes(), STAMP, rows, 1))
    rows += batch.sink.rows.count
  }
  const day = new Date().toISOString().slice(0, 10)
  const connection = await db.owner.connect()
  await connection.query(`DROP TABLE IF EXISTS copied; CREATE TABLE copied (LIKE event INCLUDING ALL) PARTITION BY RANGE (received_at);
    CREATE TABLE copied_day PARTITION OF copied FOR VALUES FROM ('${day}') TO ('${day}'::date + 1); CHECKPOINT`)
  const startedAt = performance.now()
  await runScript(connection, [{ copy: COPY_EVENTS.replace('COPY event', 'COPY copied'), rows: chunks }])
  const seconds = (performance.now() - startedAt) / 1000
  const { rows: counted } = await connection.query<{ count: string }>('SELECT count(*) FROM copied')
  connection.release()
  if (Number(counted[0]?.count) !== rows) throw new Error('COPY did not store every row')
  return rows / seconds
}

async function countRows({ owner }: Database): Promise<number> {
  const { rows } = await owner.query<{ count: string }>('SELECT count(*) FROM event')
  return Number(rows[0]?.count)
}

async function startCollector(databaseUrl: string): Promise<{ child: ChildProcess; port: number }> {
  const flags = process.env['COLLECTOR_NODE_FLAGS']?.split(' ') ?? []
  const child = spawn(process.execPath, [...flags, MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      GROUNDTRACK_DATABASE_URL: databaseUrl,
      GROUNDTRACK_PORT: '0',
      GROUNDTRACK_LOG_LEVEL: 'error',
    },
  })
  // Read to the end: the collector also prints when it stops.
  const port = await new Promise<number>((resolve, reject) => {
    let printed = ''
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      if (printed.includes('Groundtrack is ready')) resolve(Number(/Viewer +http:\/\/127\.0\.0\.1:(\d+)/.exec(printed)?.[1]))
    })
    child.once('exit', (code) => reject(new Error(`the collector ended with ${code}`)))
  })
  return { child, port }
}
