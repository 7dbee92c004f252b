import { parseArgs } from 'node:util'

export interface DemoOptions {
  /** Requests of customers per second. */
  ratePerSecond: number
  /** How long the demo runs; undefined until it is told to stop. */
  durationMs: number | undefined
  help: boolean
}

export const HELP = `Usage: npm run demo -- [options]

Runs a small shop of real processes that send their logs to Groundtrack.
Joins the collector at GROUNDTRACK_URL (default http://127.0.0.1:4318), else starts one.
Things go wrong in rounds of two minutes: a node is cut off and comes back, one is killed, all of
a service are cut off, two are restarted one by one. It says when.

  --rate N      requests of customers per second (default 6, at most 50)
  --for TIME    stop by itself after this time: 30s, 5m, 1h (default: until Ctrl-C)
  --help        this text
`

/** Reads the command line. Throws an Error whose message says what was wrong with it. */
export function readOptions(argv: string[]): DemoOptions {
  const { values } = parseArgs({
    args: argv,
    options: { rate: { type: 'string', default: '6' }, for: { type: 'string' }, help: { type: 'boolean', default: false, short: 'h' } },
  })
  const ratePerSecond = Number(values.rate)
  if (!(ratePerSecond > 0 && ratePerSecond <= 50)) throw new Error(`--rate takes a number from 0.1 to 50, not "${values.rate}"`)
  return { ratePerSecond, durationMs: values.for === undefined ? undefined : readDuration(values.for), help: values.help }
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

function readDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text)
  const unitMs = UNIT_MS[match?.[2] ?? '']
  if (!match || unitMs === undefined) throw new Error(`--for takes a time such as 30s, 5m or 1h, not "${text}"`)
  return Number(match[1]) * unitMs
}
