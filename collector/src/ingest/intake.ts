import type { IncomingMessage } from 'node:http'
import { levelOf } from '@groundtrack/db'
import { ApiError } from '../errors.js'
import type { Metrics } from '../telemetry/metrics.js'
import type { ByteBudget } from './budget.js'
import type { IngestLimits } from './limits.js'
import { readCountKey } from './native/event-sink.js'
import type { DecodeContext } from './native/decode-event.js'
import type { NodeIds } from './node-ids.js'
import { readBody } from './read-body.js'
import type { Turns } from './turns.js'
import type { Writer } from './writer.js'
import type { EventGroup, Outcome, WriteRequest } from './write-request.js'

/** What all ingest routes share. */
export interface Intake {
  limits: IngestLimits
  budget: ByteBudget
  turns: Turns
  nodes: NodeIds
  writer: Writer
  metrics: Metrics
  now: () => number
  retentionMs: number
  isClosing: () => boolean
}

/** Until there are tokens, everything belongs to the first project. */
export const PROJECT_ID = 1

/** Reads the body, hands it to `handle`, and holds its bytes in the budget until that is done. */
export async function withBody<T>(
  intake: Intake,
  request: IncomingMessage,
  handle: (body: Buffer, grow: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  if (intake.isClosing()) throw new ApiError('shutting_down', { retryAfterSeconds: 1, close: true })
  const { body, lease } = await readBody(request, intake)
  try {
    return await handle(body, (bytes) => lease.grow(bytes))
  } finally {
    lease.release()
  }
}

export function decodeContext({ now, retentionMs, limits }: Intake): DecodeContext {
  return { projectId: PROJECT_ID, receivedMs: now(), retentionMs, limits }
}

/** Writes and counts what became of the request. */
export async function writeCounted({ writer, metrics }: Intake, request: WriteRequest): Promise<Outcome> {
  const outcome = await writer.write(request)
  metrics.batches.add(1, `outcome="${outcome.kind}"`)
  if (outcome.kind !== 'stored') return outcome
  metrics.eventsStored.add(outcome.stored)
  countLevels(metrics, request.content.groups)
  for (const { code } of outcome.rejected) metrics.eventsRejected.add(1, `code="${code}"`)
  for (const { first, last } of request.range?.dropped ?? []) metrics.eventsDropped.add(last - first + 1)
  return outcome
}

function countLevels(metrics: Metrics, groups: readonly EventGroup[]): void {
  for (const { service, counts } of groups)
    for (const [key, events] of counts) metrics.addEvents(service, levelOf(readCountKey(key).level), events)
}
