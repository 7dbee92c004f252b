import type { Groundtrack } from '../groundtrack.js'
import type { Level } from '../levels.js'

/** Where lines go on to, for example `process.stdout`. */
export interface LineSink {
  write: (line: string) => unknown
}

export interface PinoOptions {
  /** Category of the events; a line's own `category` wins. `pino` by default. */
  category?: string
  /** The key of the message, where pino's `messageKey` was changed. */
  messageKey?: string
}

/** pino's own numbers, and what lies between them, as our levels. */
const LEVELS: readonly (readonly [number, Level])[] = [
  [60, 'critical'],
  [50, 'error'],
  [40, 'warn'],
  [30, 'info'],
  [20, 'debug'],
]

/**
 * A destination for pino: each line becomes an event of the current session, or of the process outside of one, and goes on to
 * `sink`. It gets the finished lines, so that child bindings, serializers and redaction apply.
 * Use it in the same process, as `pino(options, pinoDestination(gt, process.stdout))`: a transport runs in a worker and knows no session.
 */
export function pinoDestination(
  gt: Pick<Groundtrack, 'current' | 'log'>,
  sink?: LineSink,
  { category = 'pino', messageKey = 'msg' }: PinoOptions = {},
): LineSink {
  return {
    write(line) {
      sink?.write(line)
      const parsed = parse(line)
      if (parsed === undefined) return
      const { level, time: _time, pid: _pid, hostname: _hostname, [messageKey]: message, category: own, ...attributes } = parsed
      const name = levelOf(level)
      const from = typeof own === 'string' ? own : category
      const session = gt.current()
      if (session === undefined) gt.log(name, from, message, attributes)
      else session[name](from, message, attributes)
    },
  }
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** pino writes the number, or the label where its `formatters.level` says so. */
function levelOf(level: unknown): Level {
  if (level === 'fatal') return 'critical'
  const named = LEVELS.find(([, name]) => name === level)
  if (named !== undefined) return named[1]
  const number = typeof level === 'number' ? level : level === 'trace' ? 10 : 30
  return LEVELS.find(([from]) => number >= from)?.[1] ?? 'trace'
}
