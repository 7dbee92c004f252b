import { STATUS_CODE, type CallFailureRow, type FreshCallsRow } from '@groundtrack/db'
import { breakerId } from '../../breakers/breaker-id.js'
import type { CallMemory, Learned } from './call-memory.js'
import { CallSums } from './call-sums.js'
import type { CallNote, ReturnNote } from './event-notes.js'
import { callKey, type NotedGroup } from './noted-request.js'

/** A call found in the database. */
export interface StoredCall {
  note: CallNote
  /** A return of it is stored already: no further one counts. */
  isAnswered: boolean
}

export interface CountedCalls {
  fresh: FreshCallsRow[]
  failures: CallFailureRow[]
}

const MICROS_PER_MINUTE = 60_000_000

/** By key, see noted-request. */
export type StrayReturns = ReadonlyMap<string, { projectId: number; note: ReturnNote }>

/** The returns whose call is neither in this flush nor remembered. */
export function listStrayReturns(groups: readonly NotedGroup[], memory: CallMemory): StrayReturns {
  const own = new Set(groups.flatMap(({ projectId, notes }) => notes.calls.map((call) => callKey(projectId, call))))
  const stray = new Map<string, { projectId: number; note: ReturnNote }>()
  for (const { projectId, notes } of groups) {
    for (const note of notes.returns) {
      const key = callKey(projectId, note)
      if (!own.has(key) && memory.call(key) === undefined && memory.earlyReturn(key) === undefined) stray.set(key, { projectId, note })
    }
  }
  return stray
}

/**
 * Pairs the returns of a flush with their calls, wherever these are: in the flush, in `memory`, or in `stored`. A call is counted in
 * the minute in which it began, a return in its call's; the second return of a call says nothing. `learned` takes what the memory
 * has to know once the flush is committed.
 */
export function countCalls(
  groups: readonly NotedGroup[],
  memory: CallMemory,
  stored: ReadonlyMap<string, StoredCall>,
  receivedMicros: number,
  learned: Learned,
): CountedCalls {
  const sums = new CallSums()
  const failures: CallFailureRow[] = []

  const answer = (group: NotedGroup, call: CallNote, note: ReturnNote) => {
    const taken = call.micros === null || note.micros === null ? null : (note.micros - call.micros) / 1000
    const durationMs = taken === null || taken < 0 ? null : taken
    sums.addReturn(group, minuteOf(call.micros), call.target, note.status, durationMs)
    if (note.status !== 'ok') failures.push(toFailure(group, note, call, durationMs))
  }
  const minuteOf = (micros: number | null) => Math.floor((micros ?? receivedMicros) / MICROS_PER_MINUTE) * MICROS_PER_MINUTE
  const toFailure = (group: NotedGroup, note: ReturnNote, call: CallNote | null, durationMs: number | null): CallFailureRow => ({
    projectId: group.projectId,
    nodeId: group.nodeId,
    breakerId: call && breakerId(group.nodeUuid, call.target),
    micros: note.micros ?? receivedMicros,
    session: note.session,
    span: note.span,
    number: note.number,
    durationMs,
    status: STATUS_CODE[note.status],
    name: call?.name ?? '',
    reason: note.reason,
  })

  for (const group of groups) {
    for (const call of group.notes.calls) {
      sums.addCall(group, minuteOf(call.micros), call.target)
      const key = callKey(group.projectId, call)
      const early = memory.earlyReturn(key)
      if (early !== undefined && !learned.late.has(key)) {
        learned.late.add(key)
        sums.addUnpaired(group, early.minuteMicros, -1)
        answer(group, call, early.note)
      } else if (!call.isOneway) learned.calls.set(key, call)
    }
  }
  for (const group of groups) {
    for (const note of group.notes.returns) {
      const key = callKey(group.projectId, note)
      if (learned.answered.has(key) || learned.early.has(key) || memory.earlyReturn(key) !== undefined) continue
      const found = stored.get(key)
      if (found?.isAnswered === true) continue
      const call = learned.calls.get(key) ?? memory.call(key) ?? found?.note
      if (call !== undefined) {
        learned.answered.add(key)
        answer(group, call, note)
        continue
      }
      const minuteMicros = minuteOf(note.micros)
      learned.early.set(key, { note, minuteMicros })
      sums.addUnpaired(group, minuteMicros, 1)
      if (note.status !== 'ok') failures.push(toFailure(group, note, null, null))
    }
  }
  return { fresh: sums.toRows(), failures }
}
