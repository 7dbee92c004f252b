import type { CallView, ClockStep } from '@groundtrack/collector/api'

/** By how much the clock of a step's process had jumped when the step wrote line `n`, in milliseconds. */
export function jumpedBefore(steps: readonly ClockStep[], span: string, n: number): number {
  return steps.reduce((sum, step) => (step.span === span && step.n <= n ? sum + step.stepMs : sum), 0)
}

/**
 * The same for the end of a call, whose number is not known: jumps before the call, and one after it where the call would else
 * have ended before it began, or have taken longer than the jump.
 */
export function jumpedBeforeEnd(steps: readonly ClockStep[], call: CallView, rawMs: number): number {
  return steps.reduce((sum, step) => {
    if (step.span !== call.span) return sum
    const isWithin = step.stepMs < 0 ? rawMs < 0 : rawMs >= step.stepMs
    return step.n <= call.n || isWithin ? sum + step.stepMs : sum
  }, 0)
}
