import { createHash } from 'node:crypto'

/** Sessions of 4–20 events over 8 services, as one producer per service would log them; the same seed gives the same bytes. */

const SERVICES = ['storefront', 'cart', 'checkout', 'payments', 'inventory', 'mailer', 'search', 'pricing']
const MESSAGES = [
  'cart read from cache in 3 ms',
  'SELECT items took 12 ms, 4 rows',
  'price calculated for 3 items: 48.20 EUR',
  'token checked for customer 48213',
  'reserved 2 of 7 in stock at aisle 14',
]
const EVENTS_PER_HOP = 4

export interface Batch {
  events: number
  body: Buffer
}

export interface WorkloadOptions {
  batchesPerProducer: number
  eventsPerBatch: number
  /** Milliseconds since the epoch of the first event. */
  startMs: number
  seed: number
}

/** For each of the 8 producers its batches, in order. */
export function makeWorkload({ batchesPerProducer, eventsPerBatch, startMs, seed }: WorkloadOptions): Batch[][] {
  const random = lcg(seed)
  const wanted = batchesPerProducer * eventsPerBatch
  const lines: string[][] = SERVICES.map(() => [])
  for (let session = 0; lines.some((own) => own.length < wanted); session++) addSession(lines, session, startMs, random)
  return lines.map((own, service) =>
    Array.from({ length: batchesPerProducer }, (_, i) => freeze(own, service, i * eventsPerBatch, eventsPerBatch, startMs, seed)),
  )
}

function addSession(lines: string[][], session: number, startMs: number, random: () => number): void {
  const timeMs = startMs + session * 0.4
  const id = Math.floor(timeMs).toString(16).padStart(12, '0') + hash(`session ${session}`).slice(0, 20)
  const events = 4 + Math.floor(random() * 17)
  const hops = Math.max(1, Math.round(events / EVENTS_PER_HOP))
  let parent: string | undefined
  for (let hop = 0; hop < hops; hop++) {
    const service = (session + hop) % SERVICES.length
    const span = hash(`hop ${session} ${hop}`).slice(0, 16)
    const count = Math.floor(events / hops) + (hop < events % hops ? 1 : 0)
    for (let n = 1; n <= count; n++) {
      const common = {
        seq: lines[service]?.length ?? 0,
        session: id,
        span,
        clock: hop === 0 ? [n] : [hop, n],
        time: round(timeMs + hop * 2 + n * 0.731),
      }
      lines[service]?.push(JSON.stringify({ ...common, ...fieldsOf(n, count, parent, random) }))
    }
    parent = span
  }
}

function fieldsOf(n: number, count: number, parent: string | undefined, random: () => number) {
  if (n === 1) return { kind: 'open', name: 'GET /cart/:id', ...(parent !== undefined && { parent }), remainingMs: 950 }
  if (n === count) return { kind: 'close', status: random() < 0.02 ? 'error' : 'ok' }
  const message = MESSAGES[Math.floor(random() * MESSAGES.length)]
  const attributes = { 'http.route': '/cart/:id', 'http.status': 200, user: `u-${Math.floor(random() * 50_000)}` }
  return { level: random() < 0.02 ? 'error' : 'info', category: 'http', message, attributes }
}

function freeze(lines: readonly string[], service: number, from: number, count: number, startMs: number, seed: number): Batch {
  const node = {
    id: uuid(`node ${seed} ${service}`),
    service: SERVICES[service],
    version: '1.0',
    environment: 'bench',
    host: 'a1',
    pid: 7,
    runtime: 'node/20',
    sdk: 'bench',
  }
  const header = { v: 1, producer: uuid(`producer ${seed} ${service}`), epoch: 1, first: from, last: from + count - 1, sent: startMs, node }
  return { events: count, body: Buffer.from([JSON.stringify(header), ...lines.slice(from, from + count)].join('\n') + '\n') }
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

function uuid(text: string): string {
  const hex = hash(text)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function lcg(seed: number): () => number {
  let state = seed >>> 0
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}
