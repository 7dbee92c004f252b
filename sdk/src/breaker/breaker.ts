export type BreakerPosition = 'closed' | 'open' | 'half_open'

/** When a breaker trips, and for how long. */
export interface BreakerRules {
  /** So many failures in a row trip it. */
  failures: number
  /** How long it stays open after the last failure, and how long a retest may take until another one is let through. */
  openMs: number
  /** In place of failures in a row: this share of the calls that ended within `windowMs`, once there are `minCalls` of them. */
  errorRate?: { share: number; minCalls: number; windowMs: number }
}

interface Slice {
  readonly startMs: number
  readonly calls: number
  readonly failures: number
}

/** One breaker at an instant; never changed, only followed by another. Times are of a monotonic clock, in milliseconds. */
export interface BreakerState {
  readonly position: BreakerPosition
  /** In a row, or within the window. */
  readonly failures: number
  readonly reason: string
  /** While open: when a retest may go. While half open: when the one under way counts as lost. */
  readonly retestMs: number
  /** Counts turns and retests: an outcome of an earlier round says nothing about this one. */
  readonly round: number
  /** Tenths of the window that saw calls. */
  readonly slices: readonly Slice[]
}

/** A change of position, as the event tells it. */
export interface Turn {
  readonly from: BreakerPosition
  readonly to: BreakerPosition
  readonly failures: number
  readonly reason: string
  /** Of a turn to open: milliseconds until a retest may go. */
  readonly retestInMs?: number
}

export interface Step {
  readonly state: BreakerState
  readonly turn?: Turn
}

export const CLOSED: BreakerState = { position: 'closed', failures: 0, reason: '', retestMs: 0, round: 0, slices: [] }
const SLICES = 10

/** Whether a call may go now. */
export function allows(state: BreakerState, nowMs: number): boolean {
  return state.position === 'closed' || nowMs >= state.retestMs
}

/** A call goes: only where `allows` says so. The one that goes through an open breaker is its retest. */
export function admit(state: BreakerState, nowMs: number, { openMs }: BreakerRules): Step {
  if (state.position === 'closed') return { state }
  const next: BreakerState = { ...state, position: 'half_open', retestMs: nowMs + openMs, round: state.round + 1 }
  if (state.position === 'half_open') return { state: next }
  return { state: next, turn: { from: 'open', to: 'half_open', failures: state.failures, reason: 'retest' } }
}

/** A call of `round` succeeded. */
export function succeed(state: BreakerState, round: number, nowMs: number, rules: BreakerRules): Step {
  if (round !== state.round || state.position === 'open') return { state }
  if (state.position === 'half_open')
    return {
      state: { ...CLOSED, round: state.round + 1 },
      turn: { from: 'half_open', to: 'closed', failures: 0, reason: 'the retest succeeded' },
    }
  if (rules.errorRate === undefined) return { state: state.failures === 0 ? state : { ...state, failures: 0, reason: '' } }
  return { state: counted(state, nowMs, rules.errorRate, 0, '') }
}

/** A call of `round` failed. Failures of calls that were sent before it tripped keep it open for longer. */
export function fail(state: BreakerState, round: number, nowMs: number, reason: string, rules: BreakerRules): Step {
  if (state.position === 'open') {
    const failures = state.failures + 1
    return { state: { ...state, failures, reason, retestMs: Math.max(state.retestMs, nowMs + rules.openMs) } }
  }
  if (round !== state.round) return { state }
  const next =
    rules.errorRate === undefined || state.position === 'half_open'
      ? { ...state, failures: state.failures + 1, reason }
      : counted(state, nowMs, rules.errorRate, 1, reason)
  if (state.position === 'closed' && !isTripped(next, rules)) return { state: next }
  const { failures } = next
  return {
    state: { position: 'open', failures, reason, retestMs: nowMs + rules.openMs, round: state.round + 1, slices: [] },
    turn: { from: state.position, to: 'open', failures, reason, retestInMs: rules.openMs },
  }
}

/** A call of `round` ended without a verdict; its retest, if it was one, may be made by the next. */
export function abandon(state: BreakerState, round: number, nowMs: number): Step {
  if (round !== state.round || state.position !== 'half_open') return { state }
  return { state: { ...state, retestMs: nowMs, round: state.round + 1 } }
}

function isTripped({ failures, slices }: BreakerState, { failures: limit, errorRate }: BreakerRules): boolean {
  if (errorRate === undefined) return failures >= limit
  const calls = slices.reduce((sum, slice) => sum + slice.calls, 0)
  return calls >= errorRate.minCalls && failures >= errorRate.share * calls
}

/** One more outcome in the window, which forgets by tenths. */
function counted(
  state: BreakerState,
  nowMs: number,
  { windowMs }: NonNullable<BreakerRules['errorRate']>,
  failed: 0 | 1,
  reason: string,
): BreakerState {
  const sliceMs = windowMs / SLICES
  const startMs = Math.floor(nowMs / sliceMs) * sliceMs
  const recent = state.slices.filter((slice) => slice.startMs > startMs - windowMs && slice.startMs !== startMs)
  const own = state.slices.find((slice) => slice.startMs === startMs) ?? { startMs, calls: 0, failures: 0 }
  const slices = [...recent, { startMs, calls: own.calls + 1, failures: own.failures + failed }]
  const failures = slices.reduce((sum, slice) => sum + slice.failures, 0)
  return { ...state, slices, failures, reason: failed === 1 ? reason : state.reason }
}
