import { randomBytes, randomUUID } from 'node:crypto'

export type WireEvent = Record<string, unknown>

export interface Dropped {
  first: number
  last: number
  reason: string
  hops?: { session: string; span: string; from: number; to: number }[]
}

export function newSession(): string {
  return randomBytes(16).toString('hex')
}

export function newSpan(): string {
  return randomBytes(8).toString('hex')
}

/** Posts events as one producer's first batch. Events are numbered in order, around the dropped ranges. Throws unless all are stored. */
export async function postBatch(
  url: string,
  batch: { service: string; events: WireEvent[]; dropped?: Dropped[]; node?: WireEvent },
): Promise<void> {
  const dropped = batch.dropped ?? []
  const isDropped = (seq: number): boolean => dropped.some(({ first, last }) => seq >= first && seq <= last)
  let seq = 0
  const lines = batch.events.map((event) => {
    while (isDropped(seq)) seq += 1
    return { seq: seq++, ...event }
  })
  while (isDropped(seq)) seq += 1
  const header = {
    v: 1,
    producer: randomUUID(),
    epoch: 1,
    first: 0,
    last: seq - 1,
    sent: Date.now(),
    node: {
      id: randomUUID(),
      service: batch.service,
      version: '1.0',
      environment: 'sandbox',
      host: 'test',
      pid: 1,
      runtime: 'node',
      sdk: 'by-hand',
      ...batch.node,
    },
    ...(dropped.length > 0 && { dropped }),
  }
  const response = await fetch(`${url}/v1/batches`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''),
  })
  const answer = (await response.json()) as { stored?: number }
  if (answer.stored !== lines.length) throw new Error(`The collector did not store all: ${response.status} ${JSON.stringify(answer)}`)
}

/** Posts one line as a shell would. */
export async function postLine(url: string, line: WireEvent): Promise<void> {
  const response = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(line),
  })
  if (!response.ok) throw new Error(`The collector answered ${response.status} ${await response.text()}`)
}
