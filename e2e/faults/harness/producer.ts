import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { messageOf, type Journal } from './journal.js'
import type { Random } from './random.js'

export interface ProducerOptions {
  url: string
  producer: string
  node: string
  random: Random
  eventsPerBatch: number
  inFlight: number
  /** Stops logging; what was logged is still sent until acknowledged. */
  stop: AbortSignal
}

interface Frozen {
  first: number
  last: number
  bytes: Buffer<ArrayBuffer>
}

const RETRY_MS = 40
const TIMEOUT_MS = 5_000
/** This part of the answers is lost on its way: what is stored is sent again. */
const LOST_SHARE = 0.05
/** This part of the requests is cut by the client at a random moment: the answer is lost, whether it was stored or not. */
const CUT_SHARE = 0.05
const CUT_WITHIN_MS = 80

/** Logs and ships as an SDK does: batches frozen at their first sending, several in flight, the same bytes until acknowledged. */
export async function runProducer(options: ProducerOptions): Promise<Journal> {
  const { node, inFlight, eventsPerBatch, stop } = options
  const journal: Journal = { node, logged: 0, acknowledged: [], unexpected: [], attempts: 0 }
  const ship = async () => {
    while (!stop.aborted) {
      const first = journal.logged
      journal.logged += eventsPerBatch
      const batch = freeze(options, first, first + eventsPerBatch - 1)
      while (!(await isAcknowledged(options, batch, journal))) await delay(RETRY_MS * (0.5 + options.random()))
      journal.acknowledged.push({ first: batch.first, last: batch.last })
    }
  }
  await Promise.all(Array.from({ length: inFlight }, ship))
  return journal
}

function freeze({ producer, node }: ProducerOptions, first: number, last: number): Frozen {
  const now = Date.now()
  const header = {
    v: 1,
    producer,
    epoch: 1,
    first,
    last,
    sent: now,
    node: { id: node, service: 'checkout', version: '1.0', environment: 'test' },
  }
  const session = `${now.toString(16).padStart(12, '0')}${producer.replaceAll('-', '').slice(12, 28)}`.padEnd(32, '7')
  const span = first.toString(16).padStart(16, '1')
  const lines = [JSON.stringify(header)]
  for (let seq = first; seq <= last; seq++) {
    lines.push(
      JSON.stringify({
        seq,
        session,
        span,
        clock: [seq - first + 1],
        time: now,
        level: 'info',
        category: 'load',
        message: messageOf(node, seq),
        ...callOf(producer, seq),
      }),
    )
  }
  return { first, last, bytes: gzipSync(lines.join('\n')) }
}

const CALLS_EVERY = 7
const ANSWERED_AFTER = 3
const TARGET = { service: 'payments', node: '6f1c1f0e-2b51-4a7e-9d6c-3f7c0a5e1c02' }

/** Some events are calls of one long session, and some their returns, often in a later batch; every other one goes through a breaker. */
function callOf(producer: string, seq: number): Record<string, unknown> {
  const place = seq % CALLS_EVERY
  if (place !== 0 && place !== ANSWERED_AFTER) return {}
  const session = producer.replaceAll('-', '')
  const number = Math.floor(seq / CALLS_EVERY)
  // The return of the call before: it mostly is in another batch than its call, and overtakes it now and then.
  const call = (place === 0 ? number + 1 : number).toString(16).padStart(16, '0')
  if (place === 0) return { session, kind: 'call', call, target: TARGET, name: 'POST /pay', ...(number % 2 === 0 && { breaker: 'closed' }) }
  return number === 0 ? {} : { session, kind: 'return', call, status: number % 5 === 0 ? 'error' : 'ok' }
}

/** Sends once. Only a 200 that names producer, epoch and range counts. */
async function isAcknowledged(
  { url, producer, random }: ProducerOptions,
  { first, last, bytes }: Frozen,
  journal: Journal,
): Promise<boolean> {
  journal.attempts++
  const cut = random() < CUT_SHARE ? random() * CUT_WITHIN_MS : TIMEOUT_MS
  try {
    const answer = await fetch(`${url}/v1/batches`, {
      method: 'POST',
      body: bytes,
      headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
      signal: AbortSignal.timeout(cut),
      redirect: 'error',
    })
    const body = (await answer.json()) as Record<string, unknown>
    if (answer.status === 503 || random() < LOST_SHARE) return false
    const named = body['producer'] === producer && body['epoch'] === 1 && body['first'] === first && body['last'] === last
    if (answer.status === 200 && named && Array.isArray(body['rejected']) && body['rejected'].length === 0) return true
    journal.unexpected.push(`${answer.status} ${JSON.stringify(body).slice(0, 200)}`)
    return false
  } catch {
    // No answer: not acknowledged.
    return false
  }
}
