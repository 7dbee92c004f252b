import {
  beginFlush,
  commitFlush,
  COPY_ABSENCES,
  COPY_EVENT_COUNTS,
  COPY_EVENTS,
  COPY_SESSION_PARTS,
  copyInto,
  findOverlaps,
  flushIdOf,
  insertFlush,
  insertLedgerRows,
  insertRejectedSamples,
  insertRequestKeys,
  makeStamp,
  rollbackFlush,
  SAMPLE_SLOTS,
  stampEvents,
  upsertProducers,
  type Connection,
  type FlushStamp,
} from '@groundtrack/db'
import { encodeAbsences, encodeEventCounts, encodeSessionParts, listSamples } from './flush-rows.js'
import { judgeRanges, type Verdict } from './judge-ranges.js'
import { countEvents, type Outcome, type ProducerRange, type WriteRequest } from './write-request.js'

/** Place of a flush among those of its writer, and when it began. */
export interface FlushPlace {
  writerId: number
  flushNo: number
  receivedMs: number
}

export interface FlushResult {
  outcomes: Outcome[]
  /** Events stored; 0 also where nothing but duplicates came, and the flush's number was not used. */
  events: number
  used: boolean
}

const MAX_SAMPLES_PER_REQUEST = 8

/**
 * Writes all requests in one transaction and, with `commit`, returns once they are durable; without, it rolls back and says only
 * that the database would take them. Throws the database's error; after an error of COMMIT the outcome is unknown.
 */
export async function flush(
  connection: Connection,
  requests: readonly WriteRequest[],
  place: FlushPlace,
  end: 'commit' | 'rollback',
): Promise<FlushResult> {
  const receivedAt = new Date(place.receivedMs)
  await beginFlush(connection)
  const verdicts = await consultLedger(connection, requests, receivedAt)
  const accepted = requests.filter((_, i) => verdicts[i] === 'new')
  const used = accepted.some(({ range, content }) => content.groups.length > 0 || content.rejected.length > 0 || range?.dropped.length)
  const events = accepted.reduce((sum, request) => sum + countEvents(request), 0)
  if (used) {
    const stamp = makeStamp(place.receivedMs * 1000, flushIdOf(place.writerId, place.flushNo))
    await insertRows(connection, accepted, stamp, receivedAt)
    await insertFlush(connection, { writerId: place.writerId, flushNo: place.flushNo, events, receivedAt })
  }
  if (end === 'commit') await commitFlush(connection)
  else await rollbackFlush(connection)
  return { outcomes: requests.map((request, i) => toOutcome(request, verdicts[i] ?? 'new')), events, used }
}

/** What of the flush is new. Ledger rows and request keys of that are inserted. */
async function consultLedger(connection: Connection, requests: readonly WriteRequest[], receivedAt: Date): Promise<Verdict[]> {
  const verdicts: Verdict[] = requests.map(() => 'new')
  const ranged = requests.flatMap(({ projectId, range }, position) => (range ? [{ projectId, ...range, position }] : []))
  if (ranged.length > 0) {
    await upsertProducers(connection, distinctProducers(ranged), receivedAt)
    const judged = judgeRanges(ranged, await findOverlaps(connection, ranged))
    ranged.forEach(({ position }, i) => (verdicts[position] = judged[i] ?? 'new'))
    const stored = ranged.filter(({ position, first, last }) => verdicts[position] === 'new' && last >= first)
    if (stored.length > 0) await insertLedgerRows(connection, stored, receivedAt)
  }
  await consultRequestKeys(connection, requests, receivedAt, verdicts)
  return verdicts
}

function distinctProducers(ranges: readonly (ProducerRange & { projectId: number })[]) {
  return [...new Map(ranges.map((range) => [`${range.projectId} ${range.producer} ${range.epoch}`, range])).values()]
}

async function consultRequestKeys(
  connection: Connection,
  requests: readonly WriteRequest[],
  receivedAt: Date,
  verdicts: Verdict[],
): Promise<void> {
  const keyed = requests.flatMap(({ projectId, requestKey }, position) =>
    requestKey ? [{ projectId, digest: requestKey, hex: requestKey.toString('hex'), position }] : [],
  )
  if (keyed.length === 0) return
  const fresh = await insertRequestKeys(connection, keyed, receivedAt)
  for (const { hex, position } of keyed) verdicts[position] = fresh.delete(hex) ? 'new' : 'duplicate'
}

async function insertRows(connection: Connection, requests: readonly WriteRequest[], stamp: FlushStamp, receivedAt: Date): Promise<void> {
  await copyInto(connection, COPY_EVENTS, stampedRows(requests, stamp))
  const parts = encodeSessionParts(requests, stamp)
  if (parts !== '') await copyInto(connection, COPY_SESSION_PARTS, [parts])
  const counts = encodeEventCounts(requests, stamp)
  if (counts !== '') await copyInto(connection, COPY_EVENT_COUNTS, [counts])
  const absences = encodeAbsences(requests, stamp)
  if (absences !== '') await copyInto(connection, COPY_ABSENCES, [absences])
  for (const [projectId, samples] of listSamples(requests, MAX_SAMPLES_PER_REQUEST)) {
    await insertRejectedSamples(connection, projectId, samples.slice(-SAMPLE_SLOTS), receivedAt)
  }
}

function* stampedRows(requests: readonly WriteRequest[], stamp: FlushStamp): Generator<Buffer> {
  let ordinal = 0
  for (const { content } of requests) {
    for (const { rows, count } of content.groups) {
      yield stampEvents(rows, stamp, ordinal)
      ordinal += count
    }
  }
}

function toOutcome(request: WriteRequest, verdict: Verdict): Outcome {
  const { rejected } = request.content
  if (verdict === 'conflict') return { kind: 'conflict' }
  if (verdict === 'duplicate') return { kind: 'duplicate', rejected }
  return { kind: 'stored', stored: countEvents(request), rejected }
}
