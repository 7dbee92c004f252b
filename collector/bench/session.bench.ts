// Opening a session of 12 and of 1,000 events over HTTP, at two sizes of the store: `npm run bench -- session [small] [large]`, in
// millions of events, by default 1 and 5. Both sizes stand side by side and are opened by turns, so the growth is of one run. A
// session is opened as the page does it, its head and its first rows at the same time, and once only: the collector keeps what it
// ordered for some seconds.
import { mkdtempSync, rmSync } from 'node:fs'
import { request, Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '@groundtrack/db'
import { LARGE_EVENTS, SMALL_EVENTS } from './fill-sessions.js'
import { standUp, type Stand } from './session-stand.js'

const ROUNDS = 7
/** Of each kind, size and round; the first round warms up. */
const OPENED = new Map([
  [SMALL_EVENTS, 200],
  [LARGE_EVENTS, 40],
])
const REACH_RATIO = 1.2
const REACH_P95_MS = 10

interface Result {
  events: number
  millions: number
  p50: number
  p95: number
  /** Median of the rounds' ratios to the smaller size. */
  growth: number
  growths: number[]
}

const [small = 1, large = 5] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'groundtrack-bench-'))
const postgres = await startEmbedded({ dataDir: folder, log: () => {} })
const stands: Stand[] = []
try {
  const opened = new Map([...OPENED].map(([events, count]) => [events, count * (ROUNDS + 1)]))
  stands.push(await standUp(postgres.url, 'bench_small', small, opened))
  stands.push(await standUp(postgres.url, 'bench_large', large, opened))
  const results: Result[] = []
  for (const events of OPENED.keys()) results.push(...(await measure(stands, events)))
  report(results)
} finally {
  for (const stand of stands) await stand.close()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function measure(both: readonly Stand[], events: number): Promise<Result[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 2 })
  const count = OPENED.get(events) ?? 0
  const rounds: number[][][] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const times: number[][] = both.map(() => [])
    for (let i = 0; i < count; i++) {
      // The one that goes second may find the processor's caches warm.
      for (const at of i % 2 === 0 ? both.keys() : [...both.keys()].toReversed()) {
        const id = both[at]?.ids.get(events)?.[round * count + i] ?? ''
        times[at]?.push(await open(agent, both[at]?.address ?? '', id, events))
      }
    }
    if (round > 0) rounds.push(times)
  }
  agent.destroy()
  return both.map(({ millions }, at) => {
    const growths = rounds.map((times) => quantile(times[at] ?? [], 0.5) / quantile(times[0] ?? [], 0.5))
    const of = (q: number) =>
      quantile(
        rounds.map((times) => quantile(times[at] ?? [], q)),
        0.5,
      )
    return { events, millions, p50: of(0.5), p95: of(0.95), growth: quantile(growths, 0.5), growths }
  })
}

/** Milliseconds. */
async function open(agent: Agent, address: string, id: string, events: number): Promise<number> {
  const started = performance.now()
  const [head, rows] = await Promise.all([
    get(agent, `${address}/api/v1/sessions/${id}`),
    get(agent, `${address}/api/v1/sessions/${id}/events?limit=200`),
  ])
  const took = performance.now() - started
  if (head.session?.events !== events || rows.total !== events || head.session.missing !== 0)
    throw new Error(`session ${id} is not whole: ${JSON.stringify(head.session)}`)
  return took
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

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * q)] ?? NaN
}

function report(results: readonly Result[]): void {
  console.log(`\nMedians of ${ROUNDS} rounds.\nevents in the session   stored     p50 ms     p95 ms   growth of p50 (rounds)`)
  for (const { events, millions, p50, p95, growth, growths } of results) {
    const columns = [String(events).padStart(21), `${millions} M`.padStart(8), p50.toFixed(2).padStart(10), p95.toFixed(2).padStart(10)]
    console.log(`${columns.join(' ')} ${growth.toFixed(2).padStart(15)} (${growths.map((value) => value.toFixed(2)).join(', ')})`)
  }
  const [first, last] = results.filter((result) => result.events === SMALL_EVENTS)
  const lastLarge = results.findLast((result) => result.events === LARGE_EVENTS)
  const isReached = [last, lastLarge].every((result) => (result?.growth ?? NaN) <= REACH_RATIO) && (last?.p95 ?? NaN) <= REACH_P95_MS
  console.log(`reach: growth ≤ ${REACH_RATIO}, p95 of ${SMALL_EVENTS} events ≤ ${REACH_P95_MS} ms: ${isReached ? 'yes' : 'no'}`)
  console.log(
    JSON.stringify({
      bench: 'session',
      value: round(last?.p50),
      unit: 'ms',
      baseline: round(first?.p50),
      baselineName: `the same at ${first?.millions} M events`,
      ratio: round(last?.growth),
      p95: round(last?.p95),
      ratioOf1000: round(lastLarge?.growth),
    }),
  )
}

function round(value: number | undefined): number {
  return Math.round((value ?? NaN) * 1_000) / 1_000
}
