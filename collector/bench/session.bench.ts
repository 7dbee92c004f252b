// Opening a session of 12 and of 1,000 events over HTTP, at two sizes of the table: `npm run bench -- session [small] [large]`, in
// millions of events, by default 1 and 5. A session is opened as the page does it: its head and its first rows at the same time.
import { mkdtempSync, rmSync } from 'node:fs'
import { request, Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { ensurePartitions, migrate, openDatabase, startEmbedded, type Database } from '@groundtrack/db'
import { buildApp } from '../src/app.js'
import { fillLargeSessions, fillNodes, fillSmallSessions, LARGE_EVENTS, pickSessions, SMALL_EVENTS, type Fill } from './fill-sessions.js'

const DAYS = 7
const DAY_MS = 86_400_000
const WARM_UP = 100
const OPENED = { 12: 1_000, 1000: 120 }
const LARGE_SESSIONS = 60
const REACH_RATIO = 1.2
const REACH_P95_MS = 10

const [small = 1, large = 5] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'groundtrack-bench-'))
const postgres = await startEmbedded({ dataDir: folder, log: () => {} })
try {
  await run(postgres.url)
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function run(url: string): Promise<void> {
  await migrate(url)
  const db = openDatabase({ url })
  const now = new Date()
  const from = new Date(now.getTime() - DAYS * DAY_MS)
  await ensurePartitions(db.owner, from, 2 * DAYS)
  const nodes = await fillNodes(db)
  const app = await buildApp({ db, config: { port: 0, retentionDays: DAYS }, log: pino({ level: 'silent' }) })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })

  const results: { millions: number; events: number; p50: number; p95: number }[] = []
  let filled = 0
  for (const millions of [small, large]) {
    const sessions = Math.round((millions * 1e6 - filled) / SMALL_EVENTS)
    const fill: Fill = { first: 1 + Math.round(filled / SMALL_EVENTS), sessions, from, to: now }
    const started = performance.now()
    await fillSmallSessions(db, nodes, fill)
    const bulk: Fill = { first: 1e9 + filled, sessions: LARGE_SESSIONS, from, to: now }
    await fillLargeSessions(db, nodes, bulk)
    await db.owner.query('VACUUM ANALYZE')
    filled = millions * 1e6
    console.log(`${millions} M events stored (${await sizeOf(db)}), filled in ${((performance.now() - started) / 1_000).toFixed(0)} s`)
    for (const [events, chosen] of [
      [SMALL_EVENTS, fill],
      [LARGE_EVENTS, bulk],
    ] as const) {
      const count = events === SMALL_EVENTS ? OPENED[12] : OPENED[1000]
      // Twice as many as are timed: the first half warms up with other sessions of the same kind.
      const ids = await pickSessions(db, chosen, Math.min(chosen.sessions, WARM_UP + count))
      results.push({ millions, events, ...(await measure(address, ids, count, events)) })
    }
  }
  await app.close()
  await db.close()
  report(results)
}

async function measure(address: string, ids: readonly string[], count: number, events: number): Promise<{ p50: number; p95: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 2 })
  const times: number[] = []
  for (let i = 0; i < WARM_UP + count; i++) {
    // A step through all of them in an order that is not the table's.
    const id = ids[(i * 7_919) % ids.length]
    const started = performance.now()
    const [head, rows] = await Promise.all([
      get(agent, `${address}/api/v1/sessions/${id}`),
      get(agent, `${address}/api/v1/sessions/${id}/events?limit=200`),
    ])
    if (i >= WARM_UP) times.push(performance.now() - started)
    if (head.session?.events !== events || rows.total !== events || head.session.missing !== 0)
      throw new Error(`session ${id} is not whole: ${JSON.stringify(head.session)}`)
  }
  agent.destroy()
  times.sort((a, b) => a - b)
  return { p50: times[Math.floor(times.length * 0.5)] ?? NaN, p95: times[Math.floor(times.length * 0.95)] ?? NaN }
}

async function get(agent: Agent, url: string): Promise<{ session?: { events: number; missing: number }; total?: number }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => (text += chunk))
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`${url}: ${answer.statusCode} ${text}`)),
      )
    })
    sent.on('error', reject)
    sent.end()
  })
}

async function sizeOf(db: Database): Promise<string> {
  const { rows } = await db.owner.query<{ size: string }>('SELECT pg_size_pretty(pg_database_size(current_database())) AS size')
  return rows[0]?.size ?? ''
}

function report(results: readonly { millions: number; events: number; p50: number; p95: number }[]): void {
  console.log('\nevents in the session   stored     p50 ms     p95 ms   growth of p50')
  const growth = new Map<number, number>()
  for (const { events, millions, p50, p95 } of results) {
    const first = results.find((result) => result.events === events)
    const ratio = p50 / (first?.p50 ?? NaN)
    growth.set(events, ratio)
    console.log(
      `${String(events).padStart(21)} ${`${millions} M`.padStart(8)} ${p50.toFixed(2).padStart(10)} ${p95.toFixed(2).padStart(10)} ${ratio.toFixed(2).padStart(15)}`,
    )
  }
  const last = results.findLast((result) => result.events === SMALL_EVENTS)
  const first = results.find((result) => result.events === SMALL_EVENTS)
  const ratio = growth.get(SMALL_EVENTS) ?? NaN
  console.log(
    `reach: growth ≤ ${REACH_RATIO}, p95 of ${SMALL_EVENTS} events ≤ ${REACH_P95_MS} ms: ${ratio <= REACH_RATIO && (last?.p95 ?? Infinity) <= REACH_P95_MS ? 'yes' : 'no'}`,
  )
  console.log(
    JSON.stringify({
      bench: 'session',
      value: round(last?.p50),
      unit: 'ms',
      baseline: round(first?.p50),
      baselineName: `the same at ${first?.millions} M events`,
      ratio: round(ratio),
      p95: round(last?.p95),
      ratioOf1000: round(growth.get(LARGE_EVENTS)),
    }),
  )
}

function round(value: number | undefined): number {
  return Math.round((value ?? NaN) * 1_000) / 1_000
}
