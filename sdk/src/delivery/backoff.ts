const BASE_MS = 500
const MAX_MS = 30_000

/** Full jitter: anything from 0 to 0.5 s × 2ⁿ, at most 30 s. `attempt` counts from 0, `random` is in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  return Math.min(MAX_MS, BASE_MS * 2 ** Math.min(attempt, 16)) * random
}
