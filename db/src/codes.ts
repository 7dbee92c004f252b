/** The small numbers that stand for words in the tables. Levels are OpenTelemetry severity numbers. */

export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical'] as const
export type Level = (typeof LEVELS)[number]
export const LEVEL_CODE: Readonly<Record<Level, number>> = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, critical: 21 }

/** Any severity number 1–24 to its level; a number between two levels belongs to the lower. */
export function levelOf(code: number): Level {
  return LEVELS[Math.min(5, Math.max(0, Math.floor((code - 1) / 4)))] ?? 'info'
}

export const KINDS = ['log', 'open', 'close', 'call', 'return', 'set', 'breaker'] as const
export type Kind = (typeof KINDS)[number]
export const KIND_CODE: Readonly<Record<Kind, number>> = { log: 0, open: 1, close: 2, call: 3, return: 4, set: 5, breaker: 6 }

export const STATUSES = ['ok', 'error', 'timeout', 'cut'] as const
export type Status = (typeof STATUSES)[number]
export const STATUS_CODE: Readonly<Record<Status, number>> = { ok: 0, error: 1, timeout: 2, cut: 3 }

export const BREAKER_STATES = ['closed', 'open', 'half_open'] as const
export type BreakerStateName = (typeof BREAKER_STATES)[number]
export const BREAKER_STATE_CODE: Readonly<Record<BreakerStateName, number>> = { closed: 0, open: 1, half_open: 2 }

/** Bits of event.flags: what the collector noticed or mended. */
export const FLAG = {
  /** An event of the process itself: session_id is the node's uuid. */
  process: 1,
  /** NUL, lone surrogates, bad UTF-8, wrong types or numbers out of range were replaced; or the SDK replaced something. */
  sanitised: 2,
  /** The event's time was unusable; time = received_at, the original stands in detail. */
  clockSuspect: 4,
  attributesTruncated: 8,
  /** The level was unknown and became info; the original stands in detail. */
  levelUnknown: 16,
  /** A key stood twice in one object; the last one won. */
  duplicateKeys: 32,
  /** Older than retention when it arrived. */
  old: 64,
} as const
export type FlagName = keyof typeof FLAG
