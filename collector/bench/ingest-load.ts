import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { makeWorkload, type WorkloadOptions } from './ingest-workload.js'

/** The producers' process: makes and compresses everything first, then sends when told to, and reports what was acknowledged. */

export interface LoadOptions extends WorkloadOptions {
  port: number
  senders: number
  inFlight: number
}

export interface LoadReport {
  events: number
  seconds: number
  jsonBytes: number
}

const options = JSON.parse(process.argv[2] ?? '') as LoadOptions
const workload = makeWorkload(options)
const jsonBytes = workload.flat().reduce((sum, { body }) => sum + body.length, 0)
const zipped = workload.map((batches) => batches.map(({ events, body }) => ({ events, body: gzipSync(body, { level: 1 }) })))
const agent = new Agent({ keepAlive: true, maxSockets: options.senders * options.inFlight })

process.once('message', () => void run())
process.send?.('ready')

async function run(): Promise<void> {
  // Each sender looks after the producers that fall to it, several batches in flight.
  const queues = Array.from({ length: options.senders }, (_, sender) =>
    interleave(zipped.filter((_batches, producer) => producer % options.senders === sender)),
  )
  const startedAt = performance.now()
  const events = await Promise.all(queues.flatMap((queue) => Array.from({ length: options.inFlight }, () => send(queue))))
  const report: LoadReport = {
    events: events.reduce((sum, count) => sum + count, 0),
    seconds: (performance.now() - startedAt) / 1000,
    jsonBytes,
  }
  process.send?.(report)
  agent.destroy()
  process.disconnect()
}

function interleave<T>(lists: readonly (readonly T[])[]): T[] {
  return (lists[0] ?? []).flatMap((_, i) => lists.flatMap((list) => list.slice(i, i + 1)))
}

async function send(queue: { events: number; body: Buffer }[]): Promise<number> {
  let acknowledged = 0
  for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
    const { status, answer } = await post(batch.body)
    if (status !== 200 || answer['stored'] !== batch.events)
      throw new Error(`not stored: ${status} ${JSON.stringify(answer).slice(0, 300)}`)
    acknowledged += batch.events
  }
  return acknowledged
}

function post(body: Buffer): Promise<{ status: number; answer: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip', 'content-length': body.length }
    const call = request({ host: '127.0.0.1', port: options.port, path: '/v1/batches', method: 'POST', agent, headers }, (response) => {
      text(response).then(
        (json) => resolve({ status: response.statusCode ?? 0, answer: JSON.parse(json) as Record<string, unknown> }),
        reject,
      )
    })
    call.on('error', reject)
    call.end(body)
  })
}
