/**
 * What one `session.info()` with three attributes costs. Enqueue only: the call itself, as pino's call to a null sink is measured,
 * the two taking turns, garbage collection included. Whole: processor time of all threads until the events lie gzipped, beside pino's without any gzip.
 */
import { pino } from 'pino'
import { Groundtrack } from '../src/groundtrack.js'
import { nodePlatform } from '../src/platform/node/platform.js'
import type { Answer, Outgoing, Platform } from '../src/platform/platform.js'

const CALLS = 2_000
const BLOCK = 20
const WARM_UP = 3
const BLOCKS = 15
const WHOLE_ROUNDS = 40

let gzippedBytes = 0
let acknowledgedBatches = 0

const headers = new WeakMap<Uint8Array, string>()

/** Acknowledges what it is sent without a network, as pino's sink takes lines without a disk: a batch's header holds all that an answer needs. */
function acknowledge({ body }: Outgoing): Promise<Answer> {
  const header = body === undefined ? undefined : headers.get(body)
  if (body === undefined || header === undefined) return Promise.resolve({ status: 200, body: '{}' })
  gzippedBytes += body.length
  acknowledgedBatches++
  return Promise.resolve({ status: 200, body: header })
}

const real = nodePlatform()
async function gzip(text: string): Promise<Uint8Array> {
  const body = await real.gzip(text)
  headers.set(body, text.slice(0, text.indexOf('\n')))
  return body
}
const platform: Platform = { ...real, gzip, send: acknowledge, onExit: () => () => {}, environment: {} }
const gt = new Groundtrack({ service: 'cart', version: '1.0', maxBufferBytes: 64 * 1_048_576 }, platform)
const session = gt.session({ name: 'bench' })
const logger = pino({}, { write: () => {} })

function logToPino(i: number): void {
  logger.info({ sku: 'A-17', quantity: i, price: 12.5 }, 'item added')
}

function logToSession(i: number): void {
  session.info('cart', 'item added', { sku: 'A-17', quantity: i, price: 12.5 })
}

/** Nanoseconds a call. */
function time(call: (i: number) => void): number {
  const start = process.hrtime.bigint()
  for (let i = 0; i < CALLS; i++) call(i)
  return Number(process.hrtime.bigint() - start) / CALLS
}

/** Mean of some rounds, so that the garbage collector's pauses, which fall into few of them, count in full. */
async function timeBlock(call: (i: number) => void): Promise<number> {
  let sum = 0
  for (let round = 0; round < BLOCK; round++) {
    sum += time(call)
    await gt.flush()
  }
  return sum / BLOCK
}

/** Processor nanoseconds an event, all threads. */
async function timeWhole(call: (i: number) => void): Promise<number> {
  const start = process.cpuUsage()
  for (let round = 0; round < WHOLE_ROUNDS; round++) {
    for (let i = 0; i < CALLS; i++) call(i)
    await gt.flush()
  }
  const { user, system } = process.cpuUsage(start)
  return ((user + system) * 1_000) / (CALLS * WHOLE_ROUNDS)
}

function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * at)] ?? Number.NaN
}

const times = { pino: [] as number[], session: [] as number[] }
for (let block = 0; block < WARM_UP + BLOCKS; block++) {
  const taken = { pino: await timeBlock(logToPino), session: await timeBlock(logToSession) }
  if (block < WARM_UP) continue
  times.pino.push(taken.pino)
  times.session.push(taken.session)
}
const whole = { pino: [] as number[], session: [] as number[] }
for (let round = 0; round < 5; round++) {
  whole.pino.push(await timeWhole(logToPino))
  whole.session.push(await timeWhole(logToSession))
}
const { logged, acknowledged } = gt.stats()
await gt.stop()
if (logged !== acknowledged || acknowledgedBatches === 0) throw new Error(`only ${acknowledged} of ${logged} events were delivered`)

const rows = [
  ['enqueue only, median', quantile(times.session, 0.5), quantile(times.pino, 0.5)],
  ['enqueue only, p90', quantile(times.session, 0.9), quantile(times.pino, 0.9)],
  ['whole, processor time, median', quantile(whole.session, 0.5), quantile(whole.pino, 0.5)],
] as const
console.log('ns an event                     session.info        pino       ratio')
for (const [name, ours, theirs] of rows) {
  console.log(
    `${name.padEnd(30)} ${ours.toFixed(0).padStart(13)} ${theirs.toFixed(0).padStart(11)} ${(ours / theirs).toFixed(2).padStart(11)}`,
  )
}
console.log(`${(gzippedBytes / acknowledged).toFixed(1)} bytes gzipped an event`)
const [[, value, baseline]] = rows
console.log(
  JSON.stringify({
    bench: 'sdk',
    value: Math.round(value),
    unit: 'ns/event',
    baseline: Math.round(baseline),
    baselineName: 'pino to a null sink',
    ratio: Number((value / baseline).toFixed(3)),
    wholeNs: Math.round(quantile(whole.session, 0.5)),
  }),
)
