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
      name: nameOf(row.callerService, row.callerNumber, row.caller),
    },
    target: {
      ...(targetNode !== null && { id: targetNode }),
      ...(targetService !== null && { service: targetService }),
      ...(targetAddress !== null && { address: targetAddress }),
      name:
        targetService === null ? (targetAddress ?? targetNode ?? '') : nameOf(targetService, row.targetNumber, targetNode ?? targetAddress),
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

/** "cart-2"; where the registry gave no number, the service and what tells it apart. */
function nameOf(service: string, number: number | null, id: string | null): string {
  if (number !== null) return `${service}-${number}`
  return id === null ? service : `${service} (${id.length === 36 ? id.slice(0, 8) : id})`
}
