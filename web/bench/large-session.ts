import { randomBytes, randomUUID } from 'node:crypto'

type WireEvent = Record<string, unknown>

export interface SessionSize {
  events: number
  hops: number
}

const SERVICES = ['storefront', 'cart', 'checkout', 'payments', 'inventory', 'mailer', 'search', 'images']
const CALLEES_A_HOP = 4
const EVENT_MS = 0.05
const EVENTS_A_BATCH = 2_500

/** Stores a session through the collector's front door and answers its id: a tree of hops over eight processes, complete, mostly logs. */
export async function storeSession(url: string, { events, hops }: SessionSize): Promise<string> {
  const session = randomBytes(16).toString('hex')
  const byProcess = writeEvents(session, events / hops, hops)
  for (const [index, lines] of byProcess.entries()) await deliver(url, SERVICES[index] ?? '', lines)
  return session
}

/** Events of each process in their order. Time goes on with each event of any, so that calls enclose what they caused. */
function writeEvents(session: string, eventsAHop: number, hops: number): WireEvent[][] {
  const byProcess: WireEvent[][] = SERVICES.map(() => [])
  const callEvery = Math.floor(eventsAHop / (CALLEES_A_HOP + 1))
  let time = Date.now() - 60_000
  const run = (hop: number, path: readonly number[], call: string | undefined): void => {
    const add = (n: number, event: WireEvent): void => {
      time += EVENT_MS
      byProcess[hop % SERVICES.length]?.push({ session, span: idOf('5', hop), clock: [...path, n], time, ...event })
    }
    add(1, { kind: 'open', name: `POST /step/${hop}`, ...(call !== undefined && { parent: call, call }) })
    for (let n = 2, callees = 0; n < eventsAHop; n++) {
      const callee = hop * CALLEES_A_HOP + callees + 1
      if (n % callEvery === 0 && callees < CALLEES_A_HOP && callee < hops) {
        const sent = idOf('c', callee)
        add(n, { kind: 'call', call: sent, name: `POST /step/${callee}`, target: { service: SERVICES[callee % SERVICES.length] } })
        run(callee, [...path, n], sent)
        add(++n, { kind: 'return', call: sent, status: 'ok', callee: { span: idOf('5', callee), last: eventsAHop } })
        callees++
      } else add(n, logLine(hop, n))
    }
    add(eventsAHop, { kind: 'close', status: 'ok' })
  }
  run(0, [], undefined)
  return byProcess
}

function logLine(hop: number, n: number): WireEvent {
  const level = n % 97 === 0 ? 'error' : n % 31 === 0 ? 'warn' : 'info'
  const message = `reserved item A-${(hop * 31 + n) % 997} for order ${40_000 + hop} in warehouse ${n % 7}`
  return { level, category: 'stock', message, attributes: { sku: `A-${n % 997}`, count: n, 'http.route': '/cart/:id' } }
}

function idOf(kind: string, hop: number): string {
  return kind + hop.toString(16).padStart(15, '0')
}

async function deliver(url: string, service: string, events: readonly WireEvent[]): Promise<void> {
  const producer = randomUUID()
  const node = { id: randomUUID(), service, version: '1.0', environment: 'sandbox', host: 'bench', pid: 1, runtime: 'node', sdk: 'by-hand' }
  for (let first = 0; first < events.length; first += EVENTS_A_BATCH) {
    const lines = events.slice(first, first + EVENTS_A_BATCH).map((event, index) => ({ seq: first + index, ...event }))
    const header = { v: 1, producer, epoch: 1, first, last: first + lines.length - 1, sent: Date.now(), node }
    const response = await fetch(`${url}/v1/batches`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''),
    })
    const answer = (await response.json()) as { stored?: number }
    if (answer.stored !== lines.length) throw new Error(`the collector stored not all: ${response.status} ${JSON.stringify(answer)}`)
  }
}
