import {
  BEGIN_FLUSH,
  claimBatches,
  COMMIT_FLUSH,
  COPY_ABSENCES,
  COPY_EVENT_COUNTS,
  COPY_EVENTS,
  COPY_SESSION_PARTS,
  flushIdOf,
  insertFlush,
  insertRejectedSamples,
  insertRequestKeys,
  isStoredAlready,
  makeStamp,
  ROLLBACK_FLUSH,
  rollbackFlush,
  runScript,
  SAMPLE_SLOTS,
  stampEvents,
  type Connection,
  type FlushStamp,
  type Step,
} from '@groundtrack/db'
import type { CallMemory } from './calls/call-memory.js'
import { listStrayReturns, type StoredCall } from './calls/count-calls.js'
import { listNotedGroups } from './calls/noted-request.js'
import { lookUpCalls, stepsOfNotes } from './calls/notes-to-steps.js'
import { consultLedger, listRanges, listRequestKeys } from './consult-ledger.js'
import { encodeAbsences, encodeEventCounts, encodeSessionParts, listSamples } from './flush-rows.js'
import type { Verdict } from './judge-ranges.js'
import { countEvents, type Outcome, type WriteRequest } from './write-request.js'

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
/** Each try finds more of the flush stored already, which takes another collector that is writing the very same. */
const MAX_TRIES = 8

/**
 * Writes all requests in one transaction and, with `commit`, returns once they are durable; with `rollback` it says only that the
 * database would take them. One round trip where all is new; what is stored already is found by the claim, and left out. What its
 * calls and breakers add up to goes with it, and into `memory` once it is committed.
 * Throws the database's error; after an error of COMMIT the outcome is unknown.
 */
export async function flush(
  connection: Connection,
  requests: readonly WriteRequest[],
  place: FlushPlace,
  end: 'commit' | 'rollback',
  memory: CallMemory,
): Promise<FlushResult> {
  let verdicts = await consultLedger(null, requests)
  for (let tries = 1; ; tries++) {
    const accepted = requests.filter((_, i) => verdicts[i] === 'new')
    const used = accepted.some(isOfNote)
    const events = used ? accepted.reduce((sum, request) => sum + countEvents(request), 0) : 0
    try {
      if (accepted.length > 0) await write(connection, accepted, place, used ? events : null, end, memory)
      return { outcomes: requests.map((request, i) => toOutcome(request, verdicts[i] ?? 'new')), events, used }
    } catch (error) {
      if (!isStoredAlready(error) || tries === MAX_TRIES) throw error
      await rollbackFlush(connection)
      verdicts = await consultLedger(connection, requests)
    }
  }
}

/** Whether anything of a request is to be written but its producer's sign of life. */
function isOfNote({ range, content }: WriteRequest): boolean {
  return content.groups.length > 0 || content.rejected.length > 0 || (range?.dropped.length ?? 0) > 0
}

/**
 * The transaction, as one message; as two where returns came whose calls have to be looked up in between. `events`: null where there
 * is nothing of note, and no flush is numbered.
 */
async function write(
  connection: Connection,
  requests: readonly WriteRequest[],
  place: FlushPlace,
  events: number | null,
  end: 'commit' | 'rollback',
  memory: CallMemory,
): Promise<void> {
  const receivedAt = new Date(place.receivedMs)
  const stamp = makeStamp(place.receivedMs * 1000, flushIdOf(place.writerId, place.flushNo))
  const groups = listNotedGroups(requests)
  const strays = listStrayReturns(groups, memory)
  let begin = listClaims(requests, receivedAt)
  let stored: ReadonlyMap<string, StoredCall> = new Map()
  if (strays.size > 0) {
    await runScript(connection, begin)
    stored = await lookUpCalls(connection, strays, receivedAt)
    begin = []
  }
  const noted = groups.length > 0 ? stepsOfNotes(groups, memory, stored, stamp) : null
  const rows = events === null ? [] : listRows(requests, { ...place, events }, receivedAt, stamp, noted?.steps ?? [])
  await runScript(connection, [...begin, ...rows, end === 'commit' ? COMMIT_FLUSH : ROLLBACK_FLUSH])
  if (noted && end === 'commit') memory.learn(noted.learned)
}

function listClaims(requests: readonly WriteRequest[], receivedAt: Date): Step[] {
  const ranges = listRanges(requests)
  const keys = listRequestKeys(requests)
  return [
    BEGIN_FLUSH,
    ...(ranges.length > 0 ? [claimBatches(ranges, receivedAt)] : []),
    ...(keys.length > 0 ? [insertRequestKeys(keys, receivedAt)] : []),
  ]
}

function listRows(
  requests: readonly WriteRequest[],
  place: FlushPlace & { events: number },
  receivedAt: Date,
  stamp: FlushStamp,
  noted: readonly Step[],
): Step[] {
  const copies = [
    { copy: COPY_EVENT_COUNTS, text: encodeEventCounts(requests, stamp) },
    { copy: COPY_ABSENCES, text: encodeAbsences(requests, stamp) },
  ]
  const parts = encodeSessionParts(requests, stamp)
  return [
    { copy: COPY_EVENTS, rows: stampedRows(requests, stamp) },
    ...(parts.count > 0 ? [{ copy: COPY_SESSION_PARTS, rows: [parts.toBytes()] }] : []),
    ...copies.filter(({ text }) => text !== '').map(({ copy, text }) => ({ copy, rows: [Buffer.from(text, 'utf8')] })),
    ...noted,
    ...[...listSamples(requests, MAX_SAMPLES_PER_REQUEST)].map(([projectId, samples]) =>
      insertRejectedSamples(projectId, samples.slice(-SAMPLE_SLOTS), receivedAt),
    ),
    insertFlush({ ...place, receivedAt }),
  ]
}

function* stampedRows(requests: readonly WriteRequest[], stamp: FlushStamp): Generator<Buffer> {
  let ordinal = 0
  for (const { content } of requests) {
    for (const { nodeId, rows, count } of content.groups) {
      yield stampEvents(rows, stamp, ordinal, nodeId)
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
