import { BREAKER_STATE_CODE, type BreakerChangeRow, type BreakerRow, type BreakerTurnRow } from '@groundtrack/db'
import { breakerId } from '../../breakers/breaker-id.js'
import type { CallMemory, Learned } from './call-memory.js'
import type { NotedGroup } from './noted-request.js'

export interface ListedTurns {
  changes: BreakerChangeRow[]
  /** One a breaker: its last turn, or that it is used. */
  breakers: BreakerRow[]
}

/** What a flush says of breakers: each turn, and the state that it leaves them in. One whose target isn't named has no identity. */
export function listTurns(groups: readonly NotedGroup[], memory: CallMemory, receivedMicros: number, learned: Learned): ListedTurns {
  const changes: BreakerChangeRow[] = []
  const breakers = new Map<string, BreakerRow>()
  for (const { projectId, nodeId, nodeUuid, producer, epoch, notes } of groups) {
    for (const note of notes.turns) {
      const id = breakerId(nodeUuid, note.target)
      if (id === null) continue
      const { session, span, number, failures, reason, retestMicros } = note
      const micros = note.micros ?? receivedMicros
      const place = { micros, session, span, number, failures, reason, retestMicros }
      const toState = BREAKER_STATE_CODE[note.to]
      changes.push({ projectId, nodeId, breakerId: id, ...place, fromState: BREAKER_STATE_CODE[note.from], toState })
      const turn: BreakerTurnRow = { ...place, state: toState, producer, epoch, seq: note.seq }
      const known = breakers.get(`${projectId} ${id}`)
      if (!known?.turn || isLater(turn, known.turn))
        breakers.set(`${projectId} ${id}`, { projectId, breakerId: id, nodeId, target: note.target, turn })
    }
    for (const { isGuarded, target } of notes.calls) {
      const id = isGuarded ? breakerId(nodeUuid, target) : null
      const key = `${projectId} ${id}`
      if (id === null || breakers.has(key) || memory.hasBreaker(key)) continue
      breakers.set(key, { projectId, breakerId: id, nodeId, target, turn: null })
    }
  }
  for (const key of breakers.keys()) learned.breakers.add(key)
  return { changes, breakers: [...breakers.values()] }
}

function isLater(a: BreakerTurnRow, b: BreakerTurnRow): boolean {
  if (a.producer !== b.producer) return a.micros > b.micros
  return a.epoch === b.epoch ? (a.seq ?? 0) > (b.seq ?? 0) : (a.epoch ?? 0) > (b.epoch ?? 0)
}
