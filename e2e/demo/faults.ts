import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ProcessSpec, Processes } from './processes.js'

interface Fault {
  firstAfterMs: number
  everyMs: number
  strike: (signal: AbortSignal) => Promise<void>
}

const RESTART_AFTER_MS = 1_000
const MAINTENANCE_MS = 5_000
/** A mail this old is surely being sent, and its first lines have reached the collector. */
const MID_WORK_AFTER_MS = 500

/** Lets the faults that come from outside of the programs strike again and again until the signal: a crash and a node taken down. */
export async function strikeFaults(options: {
  processes: Processes
  outbox: string
  say: (line: string) => void
  signal: AbortSignal
}): Promise<void> {
  const { processes, outbox, say, signal } = options
  const faults: Fault[] = [
    {
      firstAfterMs: 6_000,
      everyMs: 25_000,
      strike: async () => {
        await untilMidWork(outbox, signal)
        const spec = await processes.kill('mailer')
        say('mailer was killed (kill -9) while it was sending a mail; starts again')
        await restart(processes, spec, RESTART_AFTER_MS, signal)
      },
    },
    {
      firstAfterMs: 14_000,
      everyMs: 40_000,
      strike: async () => {
        const spec = await processes.stop('payments-1')
        say(`payments-1 is down for maintenance and refuses connections for ${MAINTENANCE_MS / 1_000} s`)
        await restart(processes, spec, MAINTENANCE_MS, signal)
      },
    },
  ]
  await Promise.all(faults.map((fault) => repeat(fault, signal)))
}

async function repeat({ firstAfterMs, everyMs, strike }: Fault, signal: AbortSignal): Promise<void> {
  await delay(firstAfterMs, undefined, { signal })
  for (;;) {
    await strike(signal)
    await delay(everyMs, undefined, { signal })
  }
}

async function restart(processes: Processes, spec: ProcessSpec | undefined, afterMs: number, signal: AbortSignal): Promise<void> {
  await delay(afterMs, undefined, { signal })
  if (spec) await processes.start(spec)
}

/** The mailer writes each mail as a .part file and renames it once it is sent. */
async function untilMidWork(outbox: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const parts = (await readdir(outbox)).filter((file) => file.endsWith('.part'))
    const ages = await Promise.all(
      parts.map(async (file) => Date.now() - (await stat(join(outbox, file)).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs),
    )
    if (ages.some((ageMs) => ageMs > MID_WORK_AFTER_MS && ageMs < 2 * MID_WORK_AFTER_MS)) return
    await delay(50, undefined, { signal })
  }
}
