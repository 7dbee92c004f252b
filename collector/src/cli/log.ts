import { pino, type Logger } from 'pino'
import type { LogLevel } from '../config.js'
import { harmlessText } from './harmless-text.js'

/** The collector's own log on stderr: JSON lines, or short readable ones where a person looks at it. */
export function createLog(level: LogLevel, isTerminal: boolean): Logger {
  const stderr = pino.destination({ fd: 2, sync: true })
  return pino({ level, base: null }, isTerminal ? { write: (line: string) => stderr.write(prettify(line)) } : stderr)
}

/** One line of JSON as `12:00:00 warn  message key=value`. */
export function prettify(line: string): string {
  const { time, level, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>
  const label = pino.levels.labels[Number(level)] ?? String(level)
  const details = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  const reason = typeof err === 'object' && err !== null && 'message' in err ? [String(err.message)] : []
  const clock = new Date(Number(time)).toTimeString().slice(0, 8)
  return `${harmlessText([clock, label.padEnd(5), msg, ...reason, ...details].join(' '))}\n`
}
