import {
  COPY_BREAKER_CHANGES,
  COPY_CALL_FAILURES,
  COPY_FRESH_CALLS,
  encodeBreakerChange,
  encodeCallFailure,
  encodeFreshCalls,
  findCalls,
  upsertBreakers,
  type Connection,
  type FlushStamp,
  type Step,
} from '@groundtrack/db'
import type { CallMemory, Learned } from './call-memory.js'
import { countCalls, type StoredCall, type StrayReturns } from './count-calls.js'
import { readCall, type ReturnNote } from './event-notes.js'
import { listTurns } from './list-turns.js'
import { callKey, type NotedGroup } from './noted-request.js'

/** A return whose call is older is counted as one without. */
const LOOK_BACK_MS = 3_600_000
/** What is beyond is counted as without a call, so that no flush takes long. */
const MAX_LOOKED_UP = 500

/**
 * The stored calls of returns that nothing else knows, asked within the flush's transaction: its producers are locked by then, so
 * what another collector stored of them is visible.
 */
export async function lookUpCalls(connection: Connection, strays: StrayReturns, receivedAt: Date): Promise<Map<string, StoredCall>> {
  const since = new Date(receivedAt.getTime() - LOOK_BACK_MS)
  const wanted = new Map<number, ReturnNote[]>()
  for (const { projectId, note } of [...strays.values()].slice(0, MAX_LOOKED_UP))
    wanted.set(projectId, [...(wanted.get(projectId) ?? []), note])
  const stored = new Map<string, StoredCall>()
  for (const [projectId, notes] of wanted) {
    const found = await findCalls(
      connection,
      projectId,
      notes.map(({ session, call }) => ({ session, call })),
      since,
    )
    for (const { session, call, micros, detail, isAnswered } of found)
      stored.set(callKey(projectId, { session, call }), { note: readCall(call, detail ?? {}, { session, micros }), isAnswered })
  }
  return stored
}

/** What a flush writes beside its events for the calls and breakers in it, and what is to be remembered after its commit. */
export function stepsOfNotes(
  groups: readonly NotedGroup[],
  memory: CallMemory,
  stored: ReadonlyMap<string, StoredCall>,
  stamp: FlushStamp,
): { steps: Step[]; learned: Learned } {
  const learned: Learned = { calls: new Map(), answered: new Set(), early: new Map(), late: new Set(), breakers: new Set() }
  const { fresh, failures } = countCalls(groups, memory, stored, stamp.receivedMicros, learned)
  const { changes, breakers } = listTurns(groups, memory, stamp.receivedMicros, learned)
  const copies = [
    { copy: COPY_FRESH_CALLS, text: fresh.map((row) => encodeFreshCalls(row, stamp)).join('') },
    { copy: COPY_CALL_FAILURES, text: failures.map((row) => encodeCallFailure(row, stamp)).join('') },
    { copy: COPY_BREAKER_CHANGES, text: changes.map((row) => encodeBreakerChange(row, stamp)).join('') },
  ]
  const steps: Step[] = copies.filter(({ text }) => text !== '').map(({ copy, text }) => ({ copy, rows: [Buffer.from(text, 'utf8')] }))
  if (breakers.length > 0) steps.push(upsertBreakers(breakers, new Date(stamp.receivedMicros / 1000)))
  return { steps, learned }
}
