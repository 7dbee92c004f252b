/** Least severe first; the index is the level's rank. */
export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical'] as const
export type Level = (typeof LEVELS)[number]

export const RANK: Readonly<Record<Level, number>> = { trace: 0, debug: 1, info: 2, warn: 3, error: 4, critical: 5 }

/** Hops, calls and properties give a session its shape: in a full buffer they go as late as errors do. */
export const STRUCTURE_RANK = RANK.error

export function isLevel(value: unknown): value is Level {
  return typeof value === 'string' && (LEVELS as readonly string[]).includes(value)
}
