import {
  BREAKER_STATES,
  STATUSES,
  type BreakerStateName,
  type HurtSession,
  type StoredBreaker,
  type StoredFailure,
  type StoredTurn,
} from '@groundtrack/db'
import type { BreakerCall, BreakerHistory, BreakerTurn, BreakerView } from '../api-registry.js'
import type { Outcome } from '../api.js'
import { shortName } from '../registry/short-name.js'
import { formatMicros } from '../query/time.js'

/** Of events of the process itself: they are in no session. */
const NO_SPAN = '0'.repeat(16)

export function presentBreaker(row: StoredBreaker): BreakerView {
  const { targetNode, targetService, targetAddress, session, span } = row
  const state = stateOf(row.state)
  return {
    id: row.id,
    caller: {
      id: row.caller,
      service: row.callerService,
      environment: row.callerEnvironment,
      name: shortName({ service: row.callerService, number: row.callerNumber, uuid: row.caller }),
    },
    target: {
      ...(targetNode !== null && { id: targetNode }),
      ...(targetService !== null && { service: targetService }),
      ...(targetAddress !== null && { address: targetAddress }),
      name: nameTarget(row),
    },
    state: row.isHeard ? state : 'unknown',
    since: formatMicros(row.isHeard ? (row.turnedMicros ?? row.firstSeenMicros) : row.heardMicros),
    ...(!row.isHeard && { lastState: state }),
    failures: row.failures,
    reason: row.reason,
    ...(row.retestMicros !== null && { retestAt: formatMicros(row.retestMicros) }),
    ...(session !== null && span !== null && span !== NO_SPAN && { cause: { session, span, n: row.number ?? 0 } }),
  }
}

export function presentTurn(turn: StoredTurn, failed: readonly StoredFailure[]): BreakerTurn {
  return {
    time: formatMicros(turn.timeMicros),
    from: stateOf(turn.fromState),
    to: stateOf(turn.toState),
    failures: turn.failures,
    reason: turn.reason,
    ...(turn.retestMicros !== null && { retestAt: formatMicros(turn.retestMicros) }),
    ...(turn.span !== NO_SPAN && { cause: { session: turn.session, span: turn.span, n: turn.number ?? 0 } }),
    trippedBy: failed.map(presentCall),
  }
}

export function presentHurt(hurt: HurtSession): BreakerHistory['hurt'][number] {
  return { ...presentCall(hurt), outcome: hurt.outcome as Outcome, sessionName: hurt.sessionName }
}

function presentCall({ session, span, number, timeMicros, name, status, reason, durationMs }: StoredFailure): BreakerCall {
  return { session, span, n: number ?? 0, time: formatMicros(timeMicros), name, status: STATUSES[status] ?? 'error', reason, durationMs }
}

export function stateOf(code: number): BreakerStateName {
  return BREAKER_STATES[code] ?? 'closed'
}

/** Its node's name where that is known, else what the caller calls it by. */
function nameTarget({ targetNode, targetService, targetNumber, targetAddress }: StoredBreaker): string {
  if (targetService !== null && targetNode !== null) return shortName({ service: targetService, number: targetNumber, uuid: targetNode })
  return [targetService, targetAddress ?? targetNode].filter((part) => part !== null).join(' ')
}
