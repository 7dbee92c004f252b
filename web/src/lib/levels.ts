import type { Level } from '@groundtrack/collector/api'

/** From the least to the most severe: the order in which a histogram stacks them. */
export const LEVELS: readonly Level[] = ['trace', 'debug', 'info', 'warn', 'error', 'critical']

export function isError(level: Level): boolean {
  return level === 'error' || level === 'critical'
}
